//! The terminal ring: exams typed by keys into a real terminal, as a candidate would.
//!
//! Needs tmux; without it each test says SKIPPED.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "a skipped test must be seen")]

use exam_tests::tmux::{Tmux, is_there};
use exam_tests::{Kit, Ports, Server, admit_and_start, all_arrive, binary};

fn skipped() -> bool {
    let skipped = !is_there();
    if skipped {
        eprintln!("SKIPPED: there is no tmux to type into");
    }
    skipped
}

/// Logs in and accepts the undertaking; identity is somebody else's act.
fn check_in(kiosk: &Tmux, number: &str, tail: &str) {
    kiosk.wait_for("请登录");
    kiosk.type_text(number);
    kiosk.press(&["Tab"]);
    kiosk.type_text(tail);
    kiosk.press(&["Enter"]);
    kiosk.wait_for("请核对本人信息");
    kiosk.press(&["y"]);
    kiosk.wait_for("承诺");
    for _ in 0..8 {
        kiosk.press(&["PPage", "NPage", "NPage"]);
    }
    for _ in 0..12 {
        kiosk.press(&["NPage"]);
    }
    kiosk.press(&["y"]);
}

/// Confirms that the candidate means it, and reads the receipt.
fn hand_in(kiosk: &Tmux) -> String {
    kiosk.press(&["F10"]);
    kiosk.wait_for("未作答");
    kiosk.press(&["s"]);
    kiosk.wait_for("依次按 J、J");
    kiosk.press(&["j", "j", "Enter"]);
    kiosk.wait_for("交卷成功")
}

#[test]
fn a_whole_demonstration_is_typed_to_its_receipt() {
    if skipped() {
        return;
    }
    let binary = binary(env!("CARGO_BIN_EXE_examhall-under-test"));
    let dir = tempfile::tempdir().unwrap();
    let bank = exam_tests::sample_bank();
    let command = format!(
        "{} demo --seats 1 --bank {} --data {}",
        binary.display(),
        bank.display(),
        dir.path().join("data").display()
    );
    let kiosk = Tmux::start("demo", &command, 80, 24);
    check_in(&kiosk, "202611210001", "011001");
    kiosk.wait_for("第1题/共100题");
    for number in 1..=100 {
        kiosk.wait_for(&format!("第{number}题/共100题"));
        let key = ["a", "b", "1", "2"][number % 4];
        kiosk.press(&[key]);
        kiosk.wait_until("the choice on the screen", |screen| screen.contains("(*)"));
        kiosk.press(&["Right"]);
    }
    kiosk.press(&["Tab"]);
    kiosk.wait_for("已答 100");
    kiosk.press(&["Escape"]);
    kiosk.wait_until("everything saved", |screen| screen.contains("已保存"));
    let receipt = hand_in(&kiosk);
    assert!(receipt.contains("100"), "{receipt}");
    kiosk.wait_for("得分");
    kiosk.press(&["Enter"]);
    let last = kiosk.wait_for("ended with");
    assert!(last.contains("ended with 0"), "{last}");
    assert!(last.contains("成绩"), "{last}");
}

#[test]
fn r1_r3_kiosk_and_server_die_and_the_candidate_goes_on() {
    if skipped() {
        return;
    }
    let binary = binary(env!("CARGO_BIN_EXE_examhall-under-test"));
    let dir = tempfile::tempdir().unwrap();
    let kit = Kit::make(&binary, dir.path(), 1);
    let ports = Ports::free();
    let server = Server::open(&binary, &kit, ports);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let operator = server.operator(&kit);
    runtime.block_on(all_arrive(&operator));
    let (number, tail, seat) = kit.candidates.first().unwrap();
    let code = &server
        .codes
        .iter()
        .find(|(name, _)| name == seat)
        .unwrap()
        .1;
    let state = dir.path().join("kiosk");
    let run = format!("{} kiosk --state {}", binary.display(), state.display());
    let enrol = format!(
        "{run} --enrol {code} --enrol-at {} --hall {}",
        server.enrolment, server.delivery
    );
    let kiosk = Tmux::start("enrolled", &enrol, 80, 24);
    // The chief is a person of their own, beside the candidate.
    let chief = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(admit_and_start(&operator));
    });
    check_in(&kiosk, number, tail);
    kiosk.wait_for("第1题/共100题");
    chief.join().unwrap();
    for key in ["a", "b", "a", "b", "a"] {
        kiosk.press(&[key]);
        kiosk.wait_until("the answer saved", |screen| {
            screen.contains("(*)") && screen.contains("已保存")
        });
        kiosk.press(&["Right"]);
    }
    kiosk.wait_for("第6题/共100题");

    // The machine dies; the same machine comes back by itself to where it was.
    Tmux::kill_process(&state);
    drop(kiosk);
    let kiosk = Tmux::start("again", &run, 80, 24);
    let back = kiosk.wait_for("第6题/共100题");
    assert!(back.contains("已保存") || back.contains("已恢复"), "{back}");

    // The server dies; answering goes on, and nothing is called saved that is not.
    server.kill();
    kiosk.wait_for("网络中断");
    kiosk.press(&["b"]);
    kiosk.wait_until("one answer waiting", |screen| screen.contains("本机已存"));
    let server = Server::again(&binary, &kit, ports);
    kiosk.wait_until("the answer saved", |screen| {
        screen.contains("已保存") && !screen.contains("本机已存") && !screen.contains("网络中断")
    });
    let receipt = hand_in(&kiosk);
    assert!(receipt.contains("已答 6 题"), "{receipt}");
    assert!(server.terminate());
    let answered = kit
        .events()
        .into_iter()
        .filter(|event| matches!(event, exam_core::Event::Answered { .. }));
    assert_eq!(answered.count(), 6);
}
