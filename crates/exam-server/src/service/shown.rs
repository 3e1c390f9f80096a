//! Pushes that are one wire message each.

use exam_proto::delivery as wire;
use exam_proto::delivery::hall_message::Body;

use crate::desk::{Asked, MarksShown, Push, ReceiptShown};

/// Returns the messages of a push that needs nothing but itself.
pub(super) fn simple(push: Push) -> Vec<Body> {
    match push {
        Push::View(view) => vec![Body::View((&*view).into())],
        Push::StartKey(part, key) => vec![Body::StartKey(wire::StartKey {
            part: u32::from(part.0),
            key: key.0.to_vec().into(),
        })],
        Push::Ack(epoch, up_to) => vec![Body::Ack(wire::Ack {
            epoch: epoch.0,
            up_to: up_to.0,
        })],
        Push::NoteAck(epoch, up_to) => vec![Body::NoteAck(wire::NoteAck {
            epoch: epoch.0,
            up_to: up_to.0,
        })],
        Push::Refused(asked, refusal) => vec![Body::Refused(wire::Refused {
            asked: asked_word(asked).into(),
            refusal: Some((&refusal).into()),
        })],
        Push::Receipt(receipt) => of_receipt(*receipt),
        Push::Pong(number) => vec![Body::Pong(wire::Pong { number })],
        Push::Welcome | Push::Attached(_) | Push::Sealed(_) | Push::Goodbye(_) | Push::Close(_) => {
            Vec::new()
        }
    }
}

fn of_receipt(shown: ReceiptShown) -> Vec<Body> {
    let receipt = wire::Receipt::new(&shown.receipt, shown.at_wall, shown.code, shown.check);
    // The receipt first: a kiosk adds the marks to it.
    let marks = shown.marks.map(|marks| Body::Marks(of_marks(&marks)));
    std::iter::once(Body::Receipt(receipt))
        .chain(marks)
        .collect()
}

fn of_marks(marks: &MarksShown) -> wire::ShownMarks {
    let section = |section: &crate::desk::SectionShown| wire::SectionMarks {
        kind: wire::ItemKind::from(section.kind).into(),
        marks: section.marks.0,
        full: section.full.0,
        right: section.right,
        items: section.items,
    };
    wire::ShownMarks {
        total: marks.total.0,
        full: marks.full.0,
        passed: marks.passed,
        sections: marks.sections.iter().map(section).collect(),
    }
}

const fn asked_word(asked: Asked) -> wire::Asked {
    match asked {
        Asked::Hello => wire::Asked::Hello,
        Asked::LogIn => wire::Asked::LogIn,
        Asked::CheckDetails => wire::Asked::CheckDetails,
        Asked::Undertake => wire::Asked::Undertake,
        Asked::Prepared => wire::Asked::Prepared,
        Asked::Revise => wire::Asked::Revise,
        Asked::Annotate => wire::Asked::Annotate,
        Asked::Locked => wire::Asked::Locked,
        Asked::HandIn => wire::Asked::HandIn,
    }
}
