//! Who a certificate is for: role and name, as its URI says (`examhall:<hall>:seat:A-07`).

use std::fmt;
use std::str::FromStr;

use exam_core::{SeatId, StaffId};
use rustls_pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// What the bearer of a certificate is in this hall (RULES 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A candidate's seat.
    Seat,
    /// 主考.
    Chief,
    /// 监考员.
    Invigilator,
    /// 技术员: sees machines, not people's work.
    Technician,
    /// 督导员: sees everything, may do nothing.
    Inspector,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 5] = [
        Self::Seat,
        Self::Chief,
        Self::Invigilator,
        Self::Technician,
        Self::Inspector,
    ];

    /// Returns the name used in certificates and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seat => "seat",
            Self::Chief => "chief",
            Self::Invigilator => "invigilator",
            Self::Technician => "technician",
            Self::Inspector => "inspector",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = BadIdentity;
    fn from_str(text: &str) -> Result<Self, BadIdentity> {
        let known = Self::ALL.into_iter().find(|role| role.name() == text);
        known.ok_or_else(|| BadIdentity("names no role".to_owned()))
    }
}

/// Role and name of a certificate's bearer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    hall: String,
    role: Role,
    name: String,
}

/// A certificate or name that stands for nobody here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the certificate {0}")]
pub struct BadIdentity(pub(crate) String);

/// A certificate's serial number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; 16]);

impl Serial {
    /// Takes drawn bytes; the top bits are set so that DER keeps exactly sixteen of them.
    pub(crate) const fn new(mut bytes: [u8; 16]) -> Self {
        bytes[0] = bytes[0] & 0x3F | 0x40;
        Self(bytes)
    }

    /// The serial's bytes.
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Serial {
    type Err = BadIdentity;
    fn from_str(text: &str) -> Result<Self, BadIdentity> {
        let bad = |_| BadIdentity("has no serial of this hall".to_owned());
        text.parse::<exam_core::ActId>()
            .map(|id| Self(id.0))
            .map_err(bad)
    }
}

impl Identity {
    /// Checks a name for a role: a seat's name for a seat, a staff name for everybody else.
    ///
    /// # Errors
    /// [`BadIdentity`] says what is wrong with the name.
    pub fn new(hall: &str, role: Role, name: &str) -> Result<Self, BadIdentity> {
        let checked = match role {
            Role::Seat => SeatId::new(name).map(|_| ()),
            Role::Chief | Role::Invigilator | Role::Technician | Role::Inspector => {
                StaffId::new(name).map(|_| ())
            }
        };
        checked.map_err(|bad| BadIdentity(format!("bears a name that cannot be: {bad}")))?;
        Ok(Self {
            hall: hall.to_owned(),
            role,
            name: name.to_owned(),
        })
    }

    /// Reads who a certificate of `hall` is for.
    ///
    /// # Errors
    /// [`BadIdentity`] where it is of another hall or says nothing we know.
    pub fn of_certificate(
        certificate: &CertificateDer<'_>,
        hall: &str,
    ) -> Result<(Self, Serial), BadIdentity> {
        let (_, parsed) = X509Certificate::from_der(certificate)
            .map_err(|error| BadIdentity(format!("cannot be read: {error}")))?;
        let serial: [u8; 16] = parsed
            .raw_serial()
            .try_into()
            .map_err(|_length| BadIdentity("has no serial of this hall".to_owned()))?;
        let names = parsed
            .subject_alternative_name()
            .map_err(|error| BadIdentity(format!("cannot be read: {error}")))?
            .ok_or_else(|| BadIdentity("bears no name".to_owned()))?;
        let uri = names
            .value
            .general_names
            .iter()
            .find_map(|name| match name {
                GeneralName::URI(uri) => Some(*uri),
                _ => None,
            });
        let uri = uri.ok_or_else(|| BadIdentity("bears no role".to_owned()))?;
        Ok((Self::of_uri(uri, hall)?, Serial(serial)))
    }

    fn of_uri(uri: &str, hall: &str) -> Result<Self, BadIdentity> {
        let mut parts = uri.splitn(4, ':');
        let mut part = || parts.next().unwrap_or_default();
        let (scheme, of_hall, role, name) = (part(), part(), part(), part());
        if scheme != "examhall" || of_hall != hall {
            return Err(BadIdentity("is of another hall".to_owned()));
        }
        Self::new(hall, role.parse()?, name)
    }

    /// The URI a certificate bears for it.
    pub fn uri(&self) -> String {
        format!("examhall:{}:{}:{}", self.hall, self.role, self.name)
    }

    /// The role.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The name: a seat's or a member of staff's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The seat, where it is one.
    pub fn seat(&self) -> Option<SeatId> {
        match self.role {
            Role::Seat => SeatId::new(&self.name).ok(),
            Role::Chief | Role::Invigilator | Role::Technician | Role::Inspector => None,
        }
    }

    /// The member of staff, where it is one.
    pub fn staff(&self) -> Option<StaffId> {
        match self.role {
            Role::Seat => None,
            Role::Chief | Role::Invigilator | Role::Technician | Role::Inspector => {
                StaffId::new(&self.name).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_by_role() {
        assert!(Identity::new("h", Role::Seat, "A-07").is_ok());
        assert!(Identity::new("h", Role::Seat, "wang").is_err());
        assert!(Identity::new("h", Role::Chief, "wang").is_ok());
        assert!(Identity::new("h", Role::Chief, "A:07").is_err());
        assert!(Identity::of_uri("examhall:h:root:x", "h").is_err());
        assert!(Identity::of_uri("examhall:h:seat", "h").is_err());
        assert!(Identity::of_uri("", "h").is_err());
    }

    #[test]
    fn a_serial_survives_its_text() {
        let serial = Serial::new([0xFF; 16]);
        assert_eq!(serial.to_string().parse::<Serial>().unwrap(), serial);
    }
}
