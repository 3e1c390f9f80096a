//! Laws of the stored form: every event survives its bytes, and bytes that are not wholly
//! understood are refused by name.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed unwrap is a failed test"
)]

#[path = "laws/any_event.rs"]
mod any_event;

use any_event::{any_event, any_hall_record};
use exam_record::{RecordFault, decode, decode_hall, encode, encode_hall};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn every_event_survives_its_bytes(event in any_event()) {
        let bytes = encode(&event);
        prop_assert_eq!(decode(&bytes), Ok(event));
        prop_assert_eq!(encode(&decode(&bytes).unwrap()), bytes);
    }

    #[test]
    fn every_hall_record_survives_its_bytes(record in any_hall_record()) {
        let bytes = encode_hall(&record);
        prop_assert_eq!(decode_hall(&bytes), Ok(record));
    }

    #[test]
    fn a_field_that_nobody_knows_is_never_skipped(event in any_event(), field in 1_000_u32..2_000) {
        let mut bytes = encode(&event).to_vec();
        let mut key = field << 3;
        while key >= 0x80 {
            bytes.push(u8::try_from(key & 0x7F | 0x80).unwrap());
            key >>= 7;
        }
        bytes.extend([u8::try_from(key).unwrap(), 1]);
        let fault = decode(&bytes).unwrap_err();
        prop_assert!(matches!(fault, RecordFault::NotUnderstood { .. }), "{fault}");
    }

    #[test]
    fn cut_bytes_never_give_the_event_they_were_cut_from(event in any_event(), cut in 1_usize..64) {
        let bytes = encode(&event);
        let cut = bytes.len().saturating_sub(cut);
        prop_assert_ne!(decode(&bytes[..cut]), Ok(event));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for fault in [decode(&bytes).err(), decode_hall(&bytes).err()].into_iter().flatten() {
            prop_assert!(!fault.to_string().is_empty());
        }
    }
}

#[test]
fn an_event_of_a_later_version_is_named_by_its_number() {
    // Field 99, wire type 2, one byte of content.
    let later = [0x9A, 0x06, 0x01, 0x00];
    assert_eq!(decode(&later), Err(RecordFault::UnknownEvent { field: 99 }));
    assert_eq!(
        decode_hall(&later),
        Err(RecordFault::UnknownEvent { field: 99 })
    );
    assert_eq!(decode(&[]), Err(RecordFault::Empty));
}

#[test]
fn two_events_in_one_record_are_refused() {
    let two = [
        encode(&exam_core::Event::Tick),
        encode(&exam_core::Event::Stopped),
    ]
    .concat();
    let fault = decode(&two).unwrap_err();
    assert!(
        matches!(fault, RecordFault::NotUnderstood { .. }),
        "{fault}"
    );
}

#[test]
fn a_word_or_an_id_that_cannot_be_is_refused_by_name() {
    // SittingClosed is field 27; MarkedAbsent is field 25 with a session of two bytes.
    let short = [0xCA, 0x01, 0x04, 0x0A, 0x02, 0x01, 0x02];
    let fault = decode(&short).unwrap_err();
    assert!(matches!(fault, RecordFault::BadName(_)), "{fault}");
    // Acted (field 8) with nothing in it.
    let fault = decode(&[0x42, 0x00]).unwrap_err();
    assert!(matches!(fault, RecordFault::BadName(_)), "{fault}");
    // ProcessStarted (field 4) with a boot and nothing else.
    let mut bare = vec![0x22, 18, 0x0A, 16];
    bare.extend([0; 16]);
    let fault = decode(&bare).unwrap_err();
    assert_eq!(
        fault,
        RecordFault::Missing {
            what: "way of resuming"
        }
    );
}
