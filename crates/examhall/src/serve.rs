//! `examhall serve`: one hall with one sitting, until it is told to stop.
//!
//! With a package and a roster it opens a new sitting; without them it takes one up again.

use std::path::Path;

use exam_bank::ItemKey;
use exam_core::{ExamId, Lang, SittingId, SittingKind, Span, WallTime};
use exam_server::config::HallConfig;
use exam_server::data::DataFolder;
use exam_server::entropy::Entropy;
use exam_server::hall::{HallOptions, MarksAtHandIn, NewSitting, RunningHall, SittingChoice};
use exam_server::roster::{Roster, read_csv};
use exam_text::Args;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::cli::Serve;
use crate::exit::{Exit, Failure};
use crate::{bank, hall, output};

/// How long printed enrolment codes are valid.
const CODES_VALID: Span = Span::minutes(12 * 60);

/// What kiosks are told when the server stops in order.
const BACK_IN_SECONDS: u32 = 10;

/// Serves until SIGINT or SIGTERM, or until the journal fails.
///
/// # Errors
/// What stands in the way, in words and with its own exit code.
pub(crate) fn run(serve: &Serve, lang: Lang, now: WallTime) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::unexpected)?;
    runtime.block_on(hold(serve, lang, now))
}

async fn hold(serve: &Serve, lang: Lang, now: WallTime) -> Result<(), Failure> {
    let root = &serve.data;
    let data =
        DataFolder::open_or_create(root).map_err(|fault| hall::data_failure(root, &fault))?;
    let config = config(serve, &data)?;
    if serve.print_config {
        output::line(config.print_config());
        return Ok(());
    }
    exam_server::panics::install_panic_hook(&data.logs());
    let logs = exam_server::logs::start(&data.logs(), "info")
        .map_err(|fault| hall::data_failure(root, &fault))?;
    let (choice, marks) = choose(serve, &data, &config, now)?;
    let mut options = HallOptions::new(data, config, choice);
    options.marks = marks;
    options.probe = hall::probe();
    let running = hall::start(options, root).await?;
    hall::keep_operator(&running, root)?;
    report(&running, lang)?;
    let stopped = tokio::select! {
        fault = running.fault() => Err(hall::failure(root, &fault)),
        signal = signal() => signal,
    };
    stopped?;
    output::line(crate::say("serve-stopping", &Args::new(), lang));
    running
        .shutdown(BACK_IN_SECONDS)
        .await
        .map_err(|fault| hall::failure(root, &fault))?;
    drop(logs);
    Ok(())
}

fn config(serve: &Serve, data: &DataFolder) -> Result<HallConfig, Failure> {
    let path = data.hall_toml();
    let mut config = if path.exists() {
        HallConfig::read(&path).map_err(|fault| hall::failure(&serve.data, &fault.into()))?
    } else {
        let config = HallConfig::default();
        let text = config.print_config();
        exam_server::data::write_replacing(&path, text.as_bytes())
            .map_err(|fault| hall::data_failure(&serve.data, &fault))?;
        config
    };
    if let Some(listen) = serve.listen {
        config.listen.delivery = listen;
    }
    if let Some(listen) = serve.enrol_listen {
        config.listen.enrolment = listen;
    }
    Ok(config)
}

fn choose(
    serve: &Serve,
    data: &DataFolder,
    config: &HallConfig,
    now: WallTime,
) -> Result<(SittingChoice, Option<MarksAtHandIn>), Failure> {
    let Some(package) = &serve.package else {
        return Ok((SittingChoice::TakeUp(take_up(serve, data)?), None));
    };
    let need = |what: &str| {
        Failure::new(Exit::Usage, "fault-usage").text("what", format!("--package + {what}"))
    };
    let trust = bank::read_trust(serve.trust.as_deref().ok_or_else(|| need("--trust"))?)?;
    let verified = bank::open(package, &trust, now)?;
    let exam = serve.exam.as_deref().ok_or_else(|| need("--exam"))?;
    let roster = roster(serve.roster.as_deref().ok_or_else(|| need("--roster"))?)?;
    let id = serve.sitting.as_deref().ok_or_else(|| need("--sitting"))?;
    let bad = |bad| Failure::new(Exit::Usage, "fault-usage").text("what", bad);
    let new = NewSitting {
        id: SittingId::new(id).map_err(bad)?,
        kind: if serve.rehearsal {
            SittingKind::Rehearsal
        } else {
            SittingKind::Real
        },
        package: std::fs::read(package).map_err(|error| Failure::file(package, error))?,
        trust: trust.clone(),
        exam: ExamId::new(exam).map_err(bad)?,
        roster,
        planned: planned(serve.start.as_deref(), &config.zone, now)?,
    };
    let marks = match &serve.keys {
        None => None,
        Some(path) => {
            let keys = bank::open_keys(path, &trust, &verified.digest, now)?;
            let keys = keys
                .iter()
                .map(|(item, key): (_, &ItemKey)| (item.clone(), key.option().clone()));
            let units = verified
                .content
                .items
                .iter()
                .map(|(id, item)| (id.clone(), item.unit.clone()));
            Some(MarksAtHandIn::new(keys.collect(), units.collect()))
        }
    };
    Ok((SittingChoice::New(Box::new(new)), marks))
}

fn take_up(serve: &Serve, data: &DataFolder) -> Result<SittingId, Failure> {
    let sittings = data
        .sittings()
        .map_err(|fault| hall::data_failure(&serve.data, &fault))?;
    match (serve.sitting.as_deref(), sittings.as_slice()) {
        (Some(name), _) => SittingId::new(name)
            .map_err(|bad| Failure::new(Exit::Usage, "fault-usage").text("what", bad)),
        (None, [only]) => Ok(only.clone()),
        (None, all) => {
            let names: Vec<&str> = all.iter().map(SittingId::as_str).collect();
            Err(Failure::new(Exit::Usage, "fault-which-sitting").text("names", names.join(" ")))
        }
    }
}

fn roster(path: &Path) -> Result<Roster, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
    let entropy = Entropy::system();
    read_csv(&bytes, || entropy.session()).map_err(|findings| {
        let all = findings
            .iter()
            .map(|one| format!("{}: {}", one.line, one.reason));
        Failure::file(path, all.collect::<Vec<_>>().join("; "))
    })
}

/// The planned start: a time of day today in the hall's zone, or now.
fn planned(start: Option<&str>, zone: &str, now: WallTime) -> Result<WallTime, Failure> {
    let Some(start) = start else { return Ok(now) };
    let bad = |what: String| Failure::new(Exit::Usage, "fault-usage").text("what", what);
    let zone = TimeZone::get(zone).map_err(|error| bad(error.to_string()))?;
    let time: Time = start
        .parse()
        .map_err(|error| bad(format!("--start {start}: {error}")))?;
    let today = jiff::Timestamp::from_millisecond(now.0)
        .map_err(|error| bad(error.to_string()))?
        .to_zoned(zone.clone())
        .date();
    let planned = today
        .to_datetime(time)
        .to_zoned(zone)
        .map_err(|error| bad(error.to_string()))?;
    Ok(WallTime(planned.timestamp().as_millisecond()))
}

/// Says where the hall is, what it opened, and the codes of the seats' labels.
fn report(running: &RunningHall, lang: Lang) -> Result<(), Failure> {
    let opening = running.report();
    let args = Args::new()
        .text("sitting", running.sitting().to_string())
        .text("delivery", running.delivery_address().to_string())
        .text("enrolment", running.enrolment_address().to_string())
        .text("records", opening.records.to_string())
        .text("torn", opening.torn_bytes.to_string());
    output::line(crate::say("serve-ready", &args, lang));
    for incident in &opening.incidents {
        output::line(crate::say(
            "serve-incident",
            &Args::new().text("what", incident.clone()),
            lang,
        ));
    }
    output::line(crate::say("serve-codes", &Args::new(), lang));
    let codes = running
        .issue_seat_codes(CODES_VALID)
        .map_err(|fault| hall::failure(running.data(), &fault))?;
    for issued in codes {
        output::line(format!("{:<12} {}", issued.identity.name(), issued.code));
    }
    output::line(crate::say("serve-running", &Args::new(), lang));
    Ok(())
}

async fn signal() -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(Failure::unexpected)?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Failure::unexpected),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    {
        tokio::signal::ctrl_c().await.map_err(Failure::unexpected)
    }
}
