//! Signatures: Ed25519 in detached minisign files, checkable with stock `minisign -V -x`.
//!
//! What a signature is *for* stands in its trusted comment (the [`Claim`]), which is signed too and
//! compared word for word. How many signatures are enough is decided in [`verify`], by the trust
//! root it is given. Keys are minisign's own files; nothing here stores them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use exam_core::Digest;

use crate::container::Files;
use crate::refused::Refused;
use crate::trust::{Role, Trust};

/// The first line of every signature file; it is not signed, so no other is accepted.
const UNTRUSTED: &str = "signature from minisign secret key";

/// Says why a key or a signature could not be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("could not {what}: {why}")]
pub struct KeyFault {
    what: &'static str,
    why: String,
}

impl KeyFault {
    fn new(what: &'static str) -> impl Fn(minisign::PError) -> Self {
        move |error| Self {
            what,
            why: error.to_string(),
        }
    }
}

/// Number of a key, as minisign prints it: sixteen hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(u64);

impl KeyId {
    fn of(keynum: &[u8]) -> Self {
        Self(keynum.try_into().map_or(0, u64::from_le_bytes))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016X}", self.0)
    }
}

impl FromStr for KeyId {
    type Err = KeyFault;
    fn from_str(text: &str) -> Result<Self, KeyFault> {
        let id = u64::from_str_radix(text, 16).ok().map(Self);
        id.filter(|id| id.to_string() == text)
            .ok_or_else(|| KeyFault {
                what: "read a key number",
                why: "it is not sixteen hexadecimal digits".to_owned(),
            })
    }
}

/// A public key, as one line of base64 in minisign's form.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    text: String,
    id: KeyId,
    point: Vec<u8>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id)
    }
}

impl PublicKey {
    /// Returns its number.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Returns it as one line of base64.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the content of a `.pub` file, as stock minisign reads it.
    pub fn file(&self) -> String {
        format!(
            "untrusted comment: minisign public key {}\n{}\n",
            self.id, self.text
        )
    }

    pub(crate) fn point(&self) -> &[u8] {
        &self.point
    }
}

impl FromStr for PublicKey {
    type Err = KeyFault;

    /// Reads the line of base64, or a whole `.pub` file.
    fn from_str(text: &str) -> Result<Self, KeyFault> {
        let line = text.trim().lines().last().unwrap_or_default().trim();
        let key =
            minisign::PublicKey::from_base64(line).map_err(KeyFault::new("read a public key"))?;
        Ok(Self {
            text: key.to_base64(),
            id: KeyId::of(key.keynum()),
            point: key.to_bytes().split_off(10),
        })
    }
}

/// A pair of keys as the two files minisign would make.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The public key.
    pub public: PublicKey,
    /// Content of the secret key's file.
    pub secret_file: String,
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewKey({})", self.public.id)
    }
}

impl NewKey {
    /// Makes a pair of keys from the system's entropy. With a password the secret file is encrypted
    /// (slow and hungry for memory on purpose, as minisign wants it); without one it is plain: for tests and
    /// demonstrations only.
    ///
    /// # Errors
    /// [`KeyFault`] where the system gives no entropy or not enough memory.
    pub fn make(password: Option<&str>) -> Result<Self, KeyFault> {
        let fault = KeyFault::new("make a key");
        let pair = match password {
            Some(password) => {
                minisign::KeyPair::generate_encrypted_keypair(Some(password.to_owned()))
            }
            None => minisign::KeyPair::generate_unencrypted_keypair(),
        };
        let pair = pair.map_err(&fault)?;
        let comment = match password {
            Some(_) => "minisign encrypted secret key",
            None => "minisign secret key, not encrypted: for demonstrations only",
        };
        let secret = pair.sk.to_box(Some(comment)).map_err(&fault)?;
        Ok(Self {
            public: pair.pk.to_base64().parse()?,
            secret_file: secret.into_string(),
        })
    }
}

/// A secret key, opened, ready to sign.
pub struct SigningKey(minisign::SecretKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id())
    }
}

impl SigningKey {
    /// Opens the content of a secret key's file.
    ///
    /// # Errors
    /// [`KeyFault`] where it is no minisign key, or the password is missing or wrong.
    pub fn open(secret_file: &str, password: Option<&str>) -> Result<Self, KeyFault> {
        let fault = KeyFault::new("open a secret key");
        let secret = minisign::SecretKeyBox::from_string(secret_file).map_err(&fault)?;
        let opened = match password {
            Some(password) => secret.into_secret_key(Some(password.to_owned())),
            None => secret.into_unencrypted_secret_key(),
        };
        opened.map(Self).map_err(&fault)
    }

    /// Returns its number.
    pub fn id(&self) -> KeyId {
        KeyId::of(self.0.keynum())
    }

    /// Signs `bytes` for what `claim` says, and returns the content of the `.minisig` file.
    ///
    /// # Errors
    /// [`KeyFault`] where the system gives no entropy.
    pub fn sign(&self, bytes: &[u8], claim: &Claim) -> Result<String, KeyFault> {
        let comment = claim.to_string();
        minisign::sign(None, &self.0, bytes, Some(&comment), Some(UNTRUSTED))
            .map(minisign::SignatureBox::into_string)
            .map_err(KeyFault::new("sign"))
    }
}

/// What a signature is for: the trusted comment, which is signed with the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The bank's id.
    pub bank: String,
    /// The edition.
    pub version: u32,
    /// As what the signer signs.
    pub role: Role,
    /// Digest of the manifest.
    pub manifest: Digest,
    /// The exam file's name and digest, where an exam is signed and not the manifest.
    pub exam: Option<(String, Digest)>,
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            bank,
            version,
            role,
            manifest,
            exam,
        } = self;
        let purpose = if exam.is_some() { "exam" } else { "manifest" };
        let role = role.name();
        write!(
            f,
            "examhall bank={bank} version={version} role={role} purpose={purpose} "
        )?;
        write!(f, "manifest=blake3:{manifest}")?;
        match exam {
            Some((name, digest)) => write!(f, " {name}=blake3:{digest}"),
            None => Ok(()),
        }
    }
}

/// Returns the name of the signature of `file` by `key`.
pub fn signature_name(file: &str, key: KeyId) -> String {
    format!("{file}.{key}.minisig")
}

/// Checks every signature of `file` among `files`, and that enough distinct people signed with
/// distinct keys. Returns who did.
///
/// # Errors
/// [`Refused`] where any signature is bad, by somebody unknown or for something else, or they are
/// too few.
pub fn verify(
    files: &Files,
    file: &str,
    claim: &Claim,
    trust: &Trust,
) -> Result<BTreeSet<String>, Refused> {
    let bytes = files
        .get(file)
        .ok_or_else(|| Refused::Missing(file.to_owned()))?;
    let (mut people, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let rule = trust.rule(claim.role);
    for (name, signature) in files {
        let Some(key) = key_of(name, file) else {
            continue;
        };
        let (person, key) = verify_one(name, key, signature, bytes, claim, trust)?;
        if rule.is_some_and(|rule| rule.people.contains(person)) {
            people.insert(person.to_owned());
            keys.insert(key);
        }
    }
    // Distinct people *and* distinct keys: one person with two keys is one, one key of two is one.
    let have = people.len().min(keys.len());
    match rule {
        Some(rule) if rule.threshold > 0 && have >= rule.threshold => Ok(people),
        _ => Err(Refused::TooFewSigners {
            file: file.to_owned(),
            have,
            need: rule.map_or(1, |rule| rule.threshold),
        }),
    }
}

/// Returns the key part of a signature's name, where it is one of `file`.
pub(crate) fn key_of<'n>(name: &'n str, file: &str) -> Option<&'n str> {
    name.strip_prefix(file)?
        .strip_prefix('.')?
        .strip_suffix(".minisig")
}

fn verify_one<'t>(
    name: &str,
    key: &str,
    signature: &[u8],
    bytes: &[u8],
    claim: &Claim,
    trust: &'t Trust,
) -> Result<(&'t str, KeyId), Refused> {
    let bad = || Refused::BadSignature(name.to_owned());
    let id: KeyId = key.parse().map_err(|_fault| bad())?;
    let text = str::from_utf8(signature).map_err(|_utf8| bad())?;
    // The parser is lenient about spaces and line ends, which are not signed: writing the file
    // again shows whether it is the one form we know.
    let parsed = minisign::SignatureBox::from_string(text).map_err(|_fault| bad())?;
    let comment = parsed.untrusted_comment().map_err(|_fault| bad())?;
    let same_key = KeyId::of(parsed.keynum()) == id;
    if comment != UNTRUSTED || !same_key || parsed.into_string() != text {
        return Err(bad());
    }
    let Some((person, public)) = trust.holder(id) else {
        return Err(Refused::UnknownSigner(name.to_owned()));
    };
    let public = minisign_verify::PublicKey::from_base64(public.text()).map_err(|_fault| bad())?;
    let parsed = minisign_verify::Signature::decode(text).map_err(|_fault| bad())?;
    public
        .verify(bytes, &parsed, false)
        .map_err(|_fault| bad())?;
    if parsed.trusted_comment() != claim.to_string() {
        return Err(Refused::OtherClaim(name.to_owned()));
    }
    Ok((person, id))
}

#[cfg(test)]
mod tests;
