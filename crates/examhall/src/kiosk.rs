//! `examhall kiosk`: enrols a machine once, then is the candidate's screen.

use std::path::Path;

use exam_client::{Identity, Seat, SeatConfig};
use exam_core::Lang;
use exam_kiosk::{KioskOptions, Leave};
use exam_text::Args;

use crate::cli::Kiosk;
use crate::demo::kiosk_failure;
use crate::exit::{Exit, Failure};
use crate::output;

/// The file that remembers where the hall is.
const HALL: &str = "hall.txt";

/// Runs the kiosk.
///
/// # Errors
/// What stands in the way, in words; a hall that is away is none.
pub(crate) fn run(kiosk: &Kiosk, lang: Lang) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::unexpected)?;
    runtime.block_on(sit(kiosk, lang))
}

async fn sit(kiosk: &Kiosk, lang: Lang) -> Result<(), Failure> {
    if let (Some(code), Some(address)) = (&kiosk.enrol, &kiosk.enrol_at) {
        let identity = exam_client::enrol::enrol(address, code)
            .await
            .map_err(|fault| {
                let what = crate::chain(&fault);
                match fault {
                    exam_client::enrol::EnrolFault::CodeRefused => {
                        Failure::new(Exit::Hall, "fault-code-refused")
                    }
                    exam_client::enrol::EnrolFault::Link(_) => {
                        Failure::new(Exit::Hall, "fault-no-server")
                            .text("address", address)
                            .text("what", what)
                    }
                    _ => Failure::new(Exit::Hall, "fault-hall-refused").text("what", what),
                }
            })?;
        identity
            .save(&kiosk.state)
            .map_err(|fault| Failure::file(&kiosk.state, crate::chain(&fault)))?;
        let args = Args::new().text("seat", identity.name);
        output::line(crate::say("kiosk-enrolled", &args, lang));
    }
    let address = address(&kiosk.state, kiosk.hall.as_deref())?;
    crate::demo::must_be_a_terminal()?;
    let identity = Identity::load(&kiosk.state).map_err(|fault| match fault {
        exam_client::identity::IdentityFault::Missing { .. } => {
            Failure::new(Exit::Hall, "fault-not-enrolled")
        }
        other => Failure::file(&kiosk.state, crate::chain(&other)),
    })?;
    let seat = Seat::start(SeatConfig {
        identity,
        address,
        spool_dir: Some(kiosk.state.clone()),
        boot: exam_client::clock::boot_id(),
        speed: 1,
        observer: None,
    })
    .map_err(|fault| Failure::file(&kiosk.state, crate::chain(&fault)))?;
    let options = KioskOptions {
        lang,
        leave: Leave::Never,
        hint: None,
    };
    let ended = exam_kiosk::run(&seat, options).await;
    seat.stop().await;
    ended
        .map(|_outcome| ())
        .map_err(|fault| kiosk_failure(&fault))
}

/// Where the hall is: as given, and then remembered.
fn address(state: &Path, given: Option<&str>) -> Result<String, Failure> {
    let path = state.join(HALL);
    if let Some(given) = given {
        let written = std::fs::create_dir_all(state).and_then(|()| std::fs::write(&path, given));
        written.map_err(|error| Failure::file(&path, error))?;
        return Ok(given.to_owned());
    }
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(_) => Err(Failure::new(Exit::Usage, "fault-usage").text("what", "--hall HOST:PORT")),
    }
}
