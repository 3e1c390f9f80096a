//! The trust root: people, their public keys, roles and thresholds. It says who may sign a bank.
//!
//! It is given to whoever verifies from outside; the copy inside a package is information only.

use std::collections::{BTreeMap, BTreeSet};

use exam_core::Digest;

use crate::canonical::{Json, Kind as DigestKind};
use crate::finding::{Finding, Kind};
use crate::sign::{KeyId, PublicKey};
use crate::source::{Fields, Source};

/// What somebody signs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Signs manifests and exam files.
    Package,
}

impl Role {
    /// Returns the name used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Package => "package",
        }
    }
}

/// How many of whom a role needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// How many distinct people, each with a distinct key.
    pub threshold: usize,
    /// Who may.
    pub people: BTreeSet<String>,
}

/// One person and the keys that are theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name, for people.
    pub name: String,
    /// Public keys.
    pub keys: Vec<PublicKey>,
}

/// Who may sign a bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    bank: String,
    at_least: u32,
    people: BTreeMap<String, Person>,
    roles: BTreeMap<Role, RoleRule>,
}

/// Says why a trust root cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTrust {
    /// The same key stands twice.
    #[error("key {0} is listed twice")]
    KeyTwice(KeyId),
    /// A role names somebody unknown.
    #[error("role {role} names {person:?}, who is not listed")]
    Stranger {
        /// The role.
        role: &'static str,
        /// Who.
        person: String,
    },
    /// A threshold that can never, or need never, be met.
    #[error("role {role} wants {threshold} of {people} people with a key")]
    Threshold {
        /// The role.
        role: &'static str,
        /// What is wanted.
        threshold: usize,
        /// How many there are.
        people: usize,
    },
    /// Nobody signs packages.
    #[error("the role package is missing")]
    NoPackageRole,
}

/// The threshold of a role that does not say another.
pub const DEFAULT_THRESHOLD: usize = 2;

impl Trust {
    /// Checks a trust root. Editions of the bank below `at_least` are refused as rolled back.
    ///
    /// # Errors
    /// [`BadTrust`] where keys repeat, or a role cannot be filled.
    pub fn new(
        bank: &str,
        at_least: u32,
        people: BTreeMap<String, Person>,
        roles: BTreeMap<Role, RoleRule>,
    ) -> Result<Self, BadTrust> {
        let mut seen = (BTreeSet::new(), BTreeSet::new());
        for key in people.values().flat_map(|person| &person.keys) {
            // The same curve point under two key numbers would count as two signers.
            if !seen.0.insert(key.id()) || !seen.1.insert(key.point()) {
                return Err(BadTrust::KeyTwice(key.id()));
            }
        }
        if !roles.contains_key(&Role::Package) {
            return Err(BadTrust::NoPackageRole);
        }
        for (role, rule) in &roles {
            let role = role.name();
            if let Some(person) = rule.people.iter().find(|id| !people.contains_key(*id)) {
                let person = person.clone();
                return Err(BadTrust::Stranger { role, person });
            }
            let keyed = |id: &&String| people.get(*id).is_some_and(|one| !one.keys.is_empty());
            let able = rule.people.iter().filter(keyed).count();
            if rule.threshold == 0 || rule.threshold > able {
                return Err(BadTrust::Threshold {
                    role,
                    threshold: rule.threshold,
                    people: able,
                });
            }
        }
        Ok(Self {
            bank: bank.to_owned(),
            at_least,
            people,
            roles,
        })
    }

    /// A trust root in which each of these people holds one key and any two sign packages.
    ///
    /// # Errors
    /// [`BadTrust`] where keys repeat or there are fewer than two people.
    pub fn of_signers(bank: &str, signers: &[(&str, &str, PublicKey)]) -> Result<Self, BadTrust> {
        let person = |name: &str, key: &PublicKey| Person {
            name: name.to_owned(),
            keys: vec![key.clone()],
        };
        let people: BTreeMap<String, Person> = signers
            .iter()
            .map(|(id, name, key)| ((*id).to_owned(), person(name, key)))
            .collect();
        let rule = RoleRule {
            threshold: DEFAULT_THRESHOLD,
            people: people.keys().cloned().collect(),
        };
        Self::new(bank, 0, people, BTreeMap::from([(Role::Package, rule)]))
    }

    /// Returns the bank this root is about.
    pub fn bank(&self) -> &str {
        &self.bank
    }

    /// Returns the least edition that is still accepted.
    pub fn at_least(&self) -> u32 {
        self.at_least
    }

    /// Returns the people by id.
    pub fn people(&self) -> &BTreeMap<String, Person> {
        &self.people
    }

    /// Returns what a role needs.
    pub fn rule(&self, role: Role) -> Option<&RoleRule> {
        self.roles.get(&role)
    }

    /// Returns whose key this is, and the key.
    pub fn holder(&self, id: KeyId) -> Option<(&str, &PublicKey)> {
        self.people.iter().find_map(|(person, entry)| {
            let key = entry.keys.iter().find(|key| key.id() == id)?;
            Some((person.as_str(), key))
        })
    }

    /// Returns the canonical bytes of `trust.json`.
    pub fn bytes(&self) -> Vec<u8> {
        let people = self.people.iter().map(|(id, person)| {
            let mut keys: Vec<_> = person.keys.iter().map(PublicKey::text).collect();
            keys.sort_unstable();
            Json::map([
                ("id", Json::text(id)),
                ("keys", Json::list(keys.into_iter().map(Json::text))),
                ("name", Json::text(&person.name)),
            ])
        });
        let roles = self.roles.iter().map(|(role, rule)| {
            let threshold = i64::try_from(rule.threshold).unwrap_or(i64::MAX);
            Json::map([
                ("name", Json::name(role.name())),
                ("people", Json::list(rule.people.iter().map(Json::text))),
                ("threshold", Json::Int(threshold)),
            ])
        });
        Json::map([
            ("at-least", Json::Int(i64::from(self.at_least))),
            ("bank", Json::text(&self.bank)),
            ("digest", Json::name(crate::canonical::ALGORITHM)),
            ("format", Json::Int(1)),
            ("kind", Json::name("trust")),
            ("people", Json::list(people)),
            ("roles", Json::list(roles)),
        ])
        .bytes()
    }

    /// Returns the digest of `trust.json`.
    pub fn digest(&self) -> Digest {
        DigestKind::Trust.digest(&self.bytes())
    }

    /// Reads `trust.toml`.
    pub fn read(file: &str, text: &str) -> (Option<Self>, Vec<Finding>) {
        let source = Source::new(file, text.to_owned());
        let trust = {
            let table = source.parse();
            read(&Fields::new(&source, &table))
        };
        (trust, source.into_findings())
    }
}

fn read(fields: &Fields<'_>) -> Option<Trust> {
    fields.int("format", 1..=1);
    let bank = fields.text("bank");
    let at_least = fields.int_or("at_least", 0..=i64::from(u32::MAX), 0);
    let mut people = BTreeMap::new();
    for person in fields.tables("person") {
        let (id, name) = (person.text("id"), person.text("name"));
        let keys = person.list("keys");
        if let (Some(id), Some(name)) = (id, name)
            && people.insert(id, Person { name, keys }).is_some()
        {
            person.report(
                Kind::DuplicateId,
                "id",
                "this person is listed twice",
                "merge them",
            );
        }
        person.done();
    }
    let mut roles = BTreeMap::new();
    for role in fields.tables("role") {
        let name = role.text("name");
        let threshold = role.int_or("threshold", 1..=100, 2);
        let rule = RoleRule {
            threshold: usize::try_from(threshold).unwrap_or(DEFAULT_THRESHOLD),
            people: role.list("people").into_iter().collect(),
        };
        let is_package = name.as_deref() == Some(Role::Package.name());
        if is_package && roles.insert(Role::Package, rule).is_some() {
            let reason = "this role is listed twice";
            role.report(Kind::DuplicateId, "name", reason, "merge the two");
        }
        if let Some(other) = name.filter(|_| !is_package) {
            role.undelivered("name", format!("role {other:?}"), "use package");
        }
        role.done();
    }
    fields.done();
    let at_least = u32::try_from(at_least).unwrap_or(0);
    match Trust::new(&bank?, at_least, people, roles) {
        Ok(trust) => Some(trust),
        Err(error) => {
            fields.report(
                Kind::BadValue,
                "role",
                error,
                "see crates/exam-bank/README.md",
            );
            None
        }
    }
}
