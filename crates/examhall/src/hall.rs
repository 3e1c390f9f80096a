//! What `serve` and `demo` share: a hall started, its faults in words, the operator at the server.

use std::path::{Path, PathBuf};

use exam_client::Identity;
use exam_client::identity::SecretKey;
use exam_journal::ProbeCommand;
use exam_server::config::ConfigFault;
use exam_server::data::DataFault;
use exam_server::door::DoorFault;
use exam_server::hall::{HallFault, HallOptions, RunningHall};
use serde::{Deserialize, Serialize};

use crate::exit::{Exit, Failure};

/// Where a running hall can be reached by the commands on its own machine.
#[derive(Debug, Serialize, Deserialize)]
pub struct Serving {
    /// Address of the delivery port.
    pub delivery: String,
    /// Address of the enrolment port.
    pub enrolment: String,
}

/// Starts a hall.
///
/// # Errors
/// What stands in the way, in words and with its own exit code.
pub async fn start(options: HallOptions, root: &Path) -> Result<RunningHall, Failure> {
    exam_server::hall::start(options).await.map_err(|fault| failure(root, &fault))
}

/// Returns the command that looks at a damaged second copy in a process of its own.
pub fn probe() -> Option<ProbeCommand> {
    let program = std::env::current_exe().ok()?;
    Some(ProbeCommand { program, args: vec!["probe-copy".into()] })
}

/// Writes down how `examhall sitting` on this machine reaches the hall, as its chief.
///
/// # Errors
/// The file that cannot be written.
pub fn keep_operator(hall: &RunningHall, root: &Path) -> Result<(), Failure> {
    let credentials = hall.operator().map_err(|fault| failure(root, &fault))?;
    let identity = Identity {
        certificate_der: credentials.certificate.to_vec(),
        key: SecretKey(credentials.key.secret_der().to_vec()),
        ca_der: hall.ca().to_vec(),
        server_name: hall.server_name(),
        name: "operator".to_owned(),
        hall: String::new(),
    };
    let dir = operator_dir(root);
    identity.save(&dir).map_err(|fault| Failure::file(&dir, crate::chain(&fault)))?;
    let serving = Serving {
        delivery: local(hall.delivery_address()),
        enrolment: local(hall.enrolment_address()),
    };
    let path = serving_file(root);
    let text = toml::to_string(&serving).map_err(Failure::unexpected)?;
    exam_server::data::write_replacing(&path, text.as_bytes())
        .map_err(|fault| Failure::file(&path, crate::chain(&fault)))
}

/// A hall that listens on all addresses is reached at home on the loopback.
fn local(address: std::net::SocketAddr) -> String {
    let port = address.port();
    match address.ip() {
        ip if !ip.is_unspecified() => address.to_string(),
        std::net::IpAddr::V4(_) => format!("127.0.0.1:{port}"),
        std::net::IpAddr::V6(_) => format!("[::1]:{port}"),
    }
}

/// The folder of the operator's certificate.
pub fn operator_dir(root: &Path) -> PathBuf {
    root.join("pki").join("operator")
}

/// The file that says where the hall listens.
pub fn serving_file(root: &Path) -> PathBuf {
    root.join("hall").join("serving.toml")
}

/// Puts a fault of the hall into words and an exit code.
pub fn failure(root: &Path, fault: &HallFault) -> Failure {
    if fault.is_no_space() {
        return Failure::new(Exit::NoSpace, "fault-no-space-opening")
            .text("path", root.display())
            .text("what", crate::chain(fault));
    }
    match fault {
        HallFault::Data(fault) => data_failure(root, fault),
        HallFault::Config(ConfigFault::Syntax { path, line, reason }) => {
            Failure::new(Exit::BadFile, "fault-config")
                .text("path", path.display())
                .text("line", line)
                .text("what", reason)
        }
        HallFault::Config(fault) => Failure::file(&root.join("hall.toml"), crate::chain(fault)),
        HallFault::Door(DoorFault::PortInUse { address, .. }) => {
            Failure::new(Exit::Port, "fault-port-in-use").text("address", address)
        }
        HallFault::Door(fault) => Failure::new(Exit::Port, "fault-port").text("what", crate::chain(fault)),
        HallFault::Bank(_) | HallFault::NoSuchExam(_) | HallFault::Shortfall(_) => {
            Failure::new(Exit::BankRefused, "fault-bank-refused").text("what", crate::chain(fault))
        }
        HallFault::Journal(_) | HallFault::Book(_) | HallFault::Desk(_) | HallFault::RecordsLost(_) => {
            Failure::new(Exit::Journal, "fault-journal-unreadable")
                .text("path", root.display())
                .text("what", crate::chain(fault))
        }
        HallFault::SittingExists(id) => {
            Failure::new(Exit::Usage, "fault-sitting-exists").text("name", id)
        }
        HallFault::NoSuchSitting(id) => Failure::new(Exit::Usage, "fault-no-sitting")
            .text("path", root.display())
            .text("name", id),
        other => Failure::new(Exit::Hall, "fault-hall-refused").text("what", crate::chain(other)),
    }
}

/// Puts a fault of the data folder into words and an exit code.
pub fn data_failure(root: &Path, fault: &DataFault) -> Failure {
    match fault {
        DataFault::Locked { pid, host, .. } => Failure::new(Exit::DataLocked, "fault-folder-locked")
            .text("path", root.display())
            .text("holder", format!("{pid}@{host}")),
        DataFault::OtherFormat { have, want, .. } => {
            let id = if have > want { "fault-folder-newer" } else { "fault-folder-older" };
            Failure::new(Exit::DataFormat, id)
                .text("path", root.display())
                .text("found", have)
                .text("need", want)
        }
        DataFault::NotADataFolder { .. } if root.exists() => {
            Failure::new(Exit::DataFormat, "fault-folder-foreign").text("path", root.display())
        }
        DataFault::NotADataFolder { .. } => {
            Failure::new(Exit::DataFormat, "fault-folder-missing").text("path", root.display())
        }
        other => Failure::file(root, crate::chain(other)),
    }
}
