//! Result sheets: the same bytes each time, readable by spreadsheets, and no formula in them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../../exam-marking/tests/support/sat.rs"]
#[allow(dead_code, reason = "the marking tests need more of it")]
mod sat;

use exam_core::Lang;
use exam_exchange::{ExchangeFault, results_csv, results_json};
use exam_marking::{Context, ResultDocument, result_document};
use proptest::prelude::*;

use sat::{A, context, keys, units, whole};

fn document_of(context: &Context) -> ResultDocument {
    let sat = whole(["a", "b", "c", "d"]);
    result_document(&sat.sitting, &keys(), &units(), context).unwrap()
}

#[test]
fn the_sheet_reads_well_in_chinese() {
    let sheet = results_csv(&document_of(&context()), Lang::Zh).unwrap();
    let text = String::from_utf8(sheet).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "\u{FEFF}准考证号,姓名,座位,状态,开考后用时,总分,是否合格,判断题得分,单项选择题得分,\
             单元0得分,单元1得分,单元1/2得分,已答题数,试题总数,离线计入题次,不计离线总分,待裁定题次",
            "2026001,王芳,A-01,已交卷,00:20:00,2,合格,1,1,1,0.5,0.5,4,5,0,2,0",
            "2026002,,A-02,到时收卷,00:45:00,1.5,不合格,1,0.5,0,1.5,0,3,5,3,1,0",
            "2026003,,A-03,缺考,,,,,,,,,,,,,",
            "",
        ]
    );
}

#[test]
fn the_sheet_reads_well_in_english() {
    let sheet = results_csv(&document_of(&context()), Lang::En).unwrap();
    let text = String::from_utf8(sheet).unwrap();
    assert!(text.starts_with(
        "\u{FEFF}Ticket,Name,Seat,End,Ended after,Total,Passed,True/false,Single choice,Unit 0,"
    ));
    assert!(text.contains("2026001,王芳,A-01,handed in,00:20:00,2,pass,"));
    assert!(text.contains("2026003,,A-03,absent,,"));
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let (first, second) = (document_of(&context()), document_of(&context()));
    for lang in [Lang::Zh, Lang::En] {
        assert_eq!(
            results_csv(&first, lang).unwrap(),
            results_csv(&second, lang).unwrap()
        );
    }
    assert_eq!(
        results_json(&first).unwrap(),
        results_json(&second).unwrap()
    );
}

#[test]
fn the_json_is_the_document_and_ends_with_a_newline() {
    let document = document_of(&context());
    let json = results_json(&document).unwrap();
    assert_eq!(json.last(), Some(&b'\n'));
    let text = String::from_utf8(json).unwrap();
    assert!(!text.starts_with('\u{FEFF}'));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["sessions"][0]["candidate"], "2026001");
    assert_eq!(value["sessions"][0]["paper"]["total"], 200);
    assert_eq!(value["sessions"][2]["paper"], serde_json::Value::Null);
    assert_eq!(value["keys"]["t2"], "false");
}

#[test]
fn a_paper_with_other_sections_is_a_fault() {
    let mut document = document_of(&context());
    document.exam.sections.pop();
    let fault = results_csv(&document, Lang::Zh).unwrap_err();
    assert!(
        matches!(
            fault,
            ExchangeFault::OtherSections {
                have: 2,
                want: 1,
                ..
            }
        ),
        "{fault}"
    );
}

proptest! {
    #[test]
    fn no_name_or_ticket_becomes_a_formula(ticket in "\\PC{0,12}", name in "[=+@\\t-]?\\PC{0,12}") {
        let mut context = context();
        let line = context.roster.get_mut(&A).unwrap();
        (line.ticket, line.name) = (ticket.clone(), Some(name.clone()));
        let sheet = results_csv(&document_of(&context), Lang::Zh).unwrap();
        let mut reader = csv::ReaderBuilder::new().from_reader(sheet.get(3..).unwrap());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), 3);
        for cell in rows.iter().flatten() {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
        }
        let row = rows.first().unwrap();
        for (cell, text) in row.iter().zip([&ticket, &name]) {
            prop_assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), text.strip_prefix('\'').unwrap_or(text));
        }
    }
}
