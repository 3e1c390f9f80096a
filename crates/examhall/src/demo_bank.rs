//! The demonstration's bank: the sample bank, signed by two demonstration people whose keys are
//! made on the spot, packed, and opened again as a hall would open it.
//!
//! The keys prove nothing to anybody else; a board signs with its own.

use std::path::{Path, PathBuf};

use exam_bank::{Edition, Keys, NewKey, SigningKey, Trust, VerifiedBank};
use exam_core::WallTime;
use exam_server::entropy::Entropy;

use crate::bank;
use crate::exit::{Exit, Failure};

/// A signed and packed demonstration bank.
pub struct DemoBank {
    /// Who may sign: the two demonstration people.
    pub trust: Trust,
    /// The `.bank` file's bytes.
    pub package: Vec<u8>,
    /// The bank, verified.
    pub verified: VerifiedBank,
    /// The keys, verified.
    pub keys: Keys,
    /// Where `package.bank`, `package.keys` and `trust.toml` lie.
    pub dir: PathBuf,
}

/// The demonstration people.
const SIGNERS: [(&str, &str); 2] = [("demo-one", "演示签署人甲"), ("demo-two", "演示签署人乙")];

/// Returns the bank's folder: as given, or `question-banks/csm-l3` here or above the program.
pub fn find(given: Option<&Path>) -> PathBuf {
    if let Some(given) = given {
        return given.to_owned();
    }
    let name = Path::new("question-banks/csm-l3");
    let program = std::env::current_exe().unwrap_or_default();
    let above = program.ancestors().map(|dir| dir.join(name));
    std::iter::once(name.to_owned())
        .chain(above)
        .find(|dir| dir.join("bank.toml").is_file())
        .unwrap_or_else(|| name.to_owned())
}

/// Signs, packs and verifies the bank in `source`, leaving the files in `dir`.
///
/// # Errors
/// A bank that is missing or has errors, or a file that cannot be written.
pub fn prepare(source: &Path, dir: &Path, now: WallTime) -> Result<DemoBank, Failure> {
    let (source, findings) = bank::source(source)?;
    bank::must_be_sound(&findings)?;
    let keys: Vec<NewKey> = SIGNERS
        .iter()
        .map(|_| NewKey::make(None).map_err(|fault| Failure::unexpected(crate::chain(&fault))))
        .collect::<Result<_, _>>()?;
    let signers: Vec<_> = SIGNERS
        .iter()
        .zip(&keys)
        .map(|((id, name), key)| (*id, *name, key.public.clone()))
        .collect();
    let trust = Trust::of_signers(&source.id, &signers)
        .map_err(|bad| Failure::unexpected(crate::chain(&bad)))?;
    let edition = Edition {
        version: 1,
        label: "demo".to_owned(),
        previous: None,
        created: now,
        expires: WallTime(now.0.saturating_add(30 * 86_400_000)),
        salt: Entropy::system().draw().map_err(Failure::unexpected)?,
    };
    let mut release = bank::make(&source, &trust, &edition)?;
    for key in &keys {
        let key = SigningKey::open(&key.secret_file, None)
            .map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
        release.sign(&key).map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
    }
    let packed = release.pack_bank().map_err(Failure::unexpected)?;
    let packed_keys = release.pack_keys().map_err(Failure::unexpected)?;
    std::fs::create_dir_all(dir).map_err(|error| Failure::file(dir, error))?;
    for (name, bytes) in [("package.bank", &packed.bytes), ("package.keys", &packed_keys.bytes)] {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(|error| Failure::file(&path, error))?;
    }
    let trust_file = dir.join("trust.toml");
    let text = exam_server::banks::trust_toml(&trust);
    std::fs::write(&trust_file, text).map_err(|error| Failure::file(&trust_file, error))?;
    let refused = |refused: exam_bank::Refused| {
        Failure::new(Exit::BankRefused, "fault-bank-refused").text("what", crate::chain(&refused))
    };
    let verified = exam_bank::open_package(&packed.bytes, &trust, now).map_err(refused)?;
    let keys = exam_bank::open_keys(&packed_keys.bytes, &trust, &verified.digest, now)
        .map_err(refused)?;
    Ok(DemoBank { trust, package: packed.bytes, verified, keys, dir: dir.to_owned() })
}
