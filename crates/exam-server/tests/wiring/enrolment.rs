//! One-time codes over the enrolment port.

use exam_server::pki::{Credentials, Identity, Pki, Role};
use tonic::Code;

use crate::harness::{TestHall, hall, minute};
use crate::kiosk::Asking;

fn code(hall: &TestHall, seat: &str) -> String {
    let issued = hall.running.issue_codes(Role::Seat, [seat], minute());
    issued.unwrap().remove(0).code.to_string()
}

async fn send(
    hall: &TestHall,
    asking: &Asking,
) -> Result<exam_proto::enrolment::EnrolReply, (Code, String)> {
    let reply = asking.send(hall.enrolment().await).await;
    reply.map_err(|status| (status.code(), status.message().to_owned()))
}

fn refused(word: &str) -> (Code, String) {
    (Code::PermissionDenied, word.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_enrols_its_seat_once() {
    let hall = hall(2).await;
    let server = hall.server_certificate();
    let code = code(&hall, "A-02");
    let asking = Asking::new(&code.to_lowercase(), &server);
    let reply = send(&hall, &asking).await.unwrap();
    let own = asking.credentials(&reply);
    assert_eq!(reply.identity, "A-02");
    assert_eq!(reply.server_name, hall.running.server_name());
    let (identity, _) = Identity::of_certificate(&own.certificate, "hall").unwrap();
    assert_eq!((identity.role(), identity.name()), (Role::Seat, "A-02"));

    let again = send(&hall, &asking).await.unwrap();
    assert_eq!(
        again.certificate, reply.certificate,
        "a lost reply costs nothing"
    );
    let other = Asking::new(&code, &server);
    assert_eq!(send(&hall, &other).await, Err(refused("code-used")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_in_the_middle_gains_nothing() {
    let hall = hall(1).await;
    let code = code(&hall, "A-01");
    // The kiosk speaks to another machine's certificate and proves the code over that one; the
    // machine passes everything on.
    let middle = tempfile::tempdir().unwrap();
    let entropy = exam_server::entropy::Entropy::system();
    let others = Pki::open_or_create(middle.path(), "hall", &entropy).unwrap();
    let fooled = Asking::new(&code, &others.server().certificate);
    assert_eq!(send(&hall, &fooled).await, Err(refused("code")));
    // The code itself is not used up by that.
    let honest = Asking::new(&code, &hall.server_certificate());
    assert!(send(&hall, &honest).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_codes_run_out_expired_ones_are_refused_and_the_lock_shuts() {
    let hall = hall(1).await;
    let server = hall.server_certificate();
    let expired = code(&hall, "A-01");
    hall.clock.advance(minute() + exam_core::Span(1));
    let asking = Asking::new(&expired, &server);
    assert_eq!(send(&hall, &asking).await, Err(refused("code-expired")));

    let good = code(&hall, "A-01");
    let wrong = Asking::new("AAAAA-AAAAA-AAAAA", &server);
    for _ in 0..5 {
        assert_eq!(send(&hall, &wrong).await, Err(refused("code")));
    }
    let good = Asking::new(&good, &server);
    let too_many = (Code::ResourceExhausted, "too-many-tries".to_owned());
    assert_eq!(send(&hall, &good).await, Err(too_many));
    hall.clock.advance(minute());
    hall.running.shut_enrolment(true).unwrap();
    assert_eq!(
        send(&hall, &good).await,
        Err((Code::Unavailable, "shut".to_owned()))
    );
    hall.running.shut_enrolment(false).unwrap();
    assert!(send(&hall, &good).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_whose_key_is_not_proven_gives_the_code_back() {
    let hall = hall(1).await;
    let server = hall.server_certificate();
    let code = code(&hall, "A-01");
    let key = exam_proto::proof::code_key(&code);
    let mut broken = Asking::new(&code, &server);
    let mut csr = broken.request.csr.to_vec();
    *csr.last_mut().unwrap() ^= 1;
    let proof = exam_proto::proof::request_proof(&key, &broken.request.nonce, &csr, &server);
    broken.request.csr = csr.into();
    broken.request.proof = proof.to_vec().into();
    let refused = send(&hall, &broken).await.unwrap_err();
    assert_eq!(refused, (Code::InvalidArgument, "request".to_owned()));
    let own: Credentials = {
        let asking = Asking::new(&code, &server);
        let reply = send(&hall, &asking).await.unwrap();
        asking.credentials(&reply)
    };
    assert!(hall.delivery(Some(own)).await.is_ok());
}
