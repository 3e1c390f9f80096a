//! Shows what a terminal does with our glyphs, themes, line breaking and keys.
//!
//! F3 leafs through the themes, F5 repaints, Q ends. For hall technicians and for trying a new
//! terminal; no part of any exam.

use exam_term::widgets::{self, Hint, Piece};
use exam_term::wrap::wrap_led;
use exam_term::{
    Code, Depth, Input, Key, Look, Millis, Next, Program, Role, Targets, Theme, ThemeKind, Tty,
    TtyOptions, ink, run,
};
use ratatui::Frame;
use ratatui::layout::Rect;

const SAMPLE: &str = "客服代表在通话中说：“您好！”——随后查询到来电者在60分钟内第3次来电……\
    按照服务规范（见第2章），下列做法**不**正确的是（　　）。";

struct Sample {
    look: Look,
    last: String,
    seconds: u64,
}

impl Program for Sample {
    type Message = ();
    type Effect = Next;
    type Target = Key;

    fn update(&mut self, now: Millis, input: Input<(), Key>) -> Vec<Next> {
        self.seconds = now.0 / 1000;
        match input {
            Input::Key(key) | Input::Click(key) => match (key.letter(), key.bare()) {
                (Some('Q'), _) => return vec![Next::Quit],
                (_, Some(Code::F(3))) => self.look.theme = self.look.theme.next(),
                (_, Some(Code::F(5))) => return vec![Next::Repaint],
                _ => self.last = format!("{key:?}"),
            },
            Input::Tick => {}
            other => self.last = format!("{other:?}"),
        }
        Vec::new()
    }

    fn view(&self, frame: &mut Frame<'_>, targets: &mut Targets<Key>) {
        let (area, look) = (frame.area(), self.look);
        let buf = frame.buffer_mut();
        ink::paper(buf, area, look);
        let left = [Piece::new("exam-term", Role::Strong, 0)];
        let right = [Piece::new(format!("{} s", self.seconds), Role::Accent, 0)];
        widgets::header(buf, area, &left, &right, look);
        ink::rule(buf, area, 1, look);
        let body = Rect::new(
            2,
            3,
            area.width.saturating_sub(4),
            area.height.saturating_sub(6),
        );
        let rows = wrap_led("1. ", SAMPLE, body.width, look.glyphs);
        let used = ink::rows(buf, body, &rows, Role::Text, look);
        for (y, role) in (body.y + used + 1..body.bottom()).zip(Role::ALL) {
            let text = format!("{role:?} 已保存 √ ×");
            let style = look.style(role);
            ink::put(buf, (4, y), &text, body.width, style, look.glyphs);
        }
        let popup = widgets::popup_area(body, 44, 6);
        let popup = Rect::new(
            body.right().saturating_sub(46),
            body.y + 5,
            popup.width,
            popup.height,
        );
        let inner = widgets::popup(buf, popup, "探测 probe", look);
        let found = [
            format!("{:?}", look.glyphs.ambiguous),
            format!("{:?}", look.glyphs.borders),
        ];
        let lines = [
            found.join(" "),
            format!("{:?}", look.theme.kind()),
            self.last.clone(),
        ];
        for (row, line) in (inner.y..inner.bottom()).zip(&lines) {
            let line = look.glyphs.clip(line, inner.width);
            ink::put(
                buf,
                (inner.x, row),
                &line,
                inner.width,
                look.style(Role::Text),
                look.glyphs,
            );
        }
        let hints = [
            Hint::new("F3", "外观 look", 1, Key::plain(Code::F(3))),
            Hint::new("F5", "重绘 repaint", 2, Key::plain(Code::F(5))),
            Hint::new("Q", "退出 quit", 0, Key::char('q')),
        ];
        let bottom = Rect::new(0, area.bottom().saturating_sub(1), area.width, 1);
        targets.extend(widgets::hint_bar(buf, bottom, &hints, look));
        frame.set_cursor_position((2, 3));
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut tty = Tty::open(&TtyOptions::default())?;
    let depth = Depth::detect(|name| std::env::var(name).ok());
    let look = Look {
        theme: Theme::new(ThemeKind::Light, depth),
        glyphs: tty.glyphs(),
    };
    let mut sample = Sample {
        look,
        last: String::new(),
        seconds: 0,
    };
    let (_outside, messages) = tokio::sync::mpsc::channel(1);
    run(&mut tty, &mut sample, messages, |next| next).await?;
    Ok(())
}
