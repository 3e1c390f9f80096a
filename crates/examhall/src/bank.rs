//! `examhall bank`: check, keygen, sign, verify, pack.
//!
//! Files and words are here; what a bank is, what is wrong with it and whether a signature holds is
//! exam-bank's.

use std::collections::BTreeMap;
use std::path::Path;

use exam_bank::container::Files;
use exam_bank::{Bank, Edition, Finding, Keys, NewKey, Release, SigningKey, Trust, VerifiedBank};
use exam_core::{Lang, WallTime};
use exam_text::Args;

use crate::cli::Bank as Cli;
use crate::exit::{Exit, Failure};
use crate::output;

/// Milliseconds in a day.
const DAY_MS: i64 = 86_400_000;

/// Runs one bank command at wall time `now`.
///
/// # Errors
/// What the command could not do, in words.
pub(crate) fn run(command: Cli, lang: Lang, now: WallTime) -> Result<(), Failure> {
    match command {
        Cli::Check { folder, json } => check(&folder, json, lang),
        Cli::Keygen { out, unprotected } => keygen(&out, unprotected, lang),
        Cli::Sign {
            folder,
            trust,
            key,
            out,
            version,
            label,
            days,
        } => {
            let expires = WallTime(now.0 + i64::from(days) * DAY_MS);
            let new = New {
                version,
                label,
                created: now,
                expires,
            };
            sign(&folder, &read_trust(&trust)?, &key, &out, new, lang)
        }
        Cli::Verify { package, trust } => {
            let bank = open(&package, &read_trust(&trust)?, now)?;
            output::line(verified(&bank, lang));
            Ok(())
        }
        Cli::Pack { folder, trust, out } => pack(&folder, &read_trust(&trust)?, &out, now, lang),
    }
}

/// Reads a bank's source folder; findings that are errors stop.
///
/// # Errors
/// [`Exit::BankMissing`], or [`Exit::BankRefused`] after every finding was printed.
pub(crate) fn source(folder: &Path) -> Result<(Bank, Vec<Finding>), Failure> {
    if !folder.join("bank.toml").is_file() {
        return Err(
            Failure::new(Exit::BankMissing, "fault-bank-missing").text("path", folder.display())
        );
    }
    let (bank, mut findings) = exam_bank::read_bank(folder);
    findings.extend(exam_bank::check(&bank));
    Ok((bank, findings))
}

/// Refuses a bank with errors, after printing every finding.
///
/// # Errors
/// [`Exit::BankRefused`] where there is an error among them.
pub(crate) fn must_be_sound(findings: &[Finding]) -> Result<(), Failure> {
    if !exam_bank::has_errors(findings) {
        return Ok(());
    }
    for finding in findings {
        output::error(finding);
    }
    Err(Failure::new(Exit::BankRefused, "fault-bank-findings").count("count", findings.len()))
}

fn check(folder: &Path, json: bool, lang: Lang) -> Result<(), Failure> {
    let (bank, findings) = source(folder)?;
    if json {
        output::line(findings_json(&findings));
    } else {
        for finding in &findings {
            output::line(finding);
        }
        for ((level, kind), count) in exam_bank::count_by_kind(&findings) {
            output::line(format!("{count:>5}  {level:?}  {kind}"));
        }
        let args = Args::new()
            .text("bank", bank.id.as_str())
            .text("items", bank.items.len().to_string());
        output::line(crate::say("bank-checked", &args, lang));
    }
    if exam_bank::has_errors(&findings) {
        return Err(
            Failure::new(Exit::Verdict, "fault-bank-findings").count("count", findings.len())
        );
    }
    Ok(())
}

fn findings_json(findings: &[Finding]) -> String {
    let rows: Vec<serde_json::Value> = findings
        .iter()
        .map(|finding| {
            serde_json::json!({
                "file": finding.file, "line": finding.line,
                "level": format!("{:?}", finding.level).to_lowercase(),
                "kind": finding.kind.to_string(), "subject": finding.subject,
                "reason": finding.reason, "hint": finding.hint,
            })
        })
        .collect();
    serde_json::Value::Array(rows).to_string()
}

fn keygen(out: &Path, unprotected: bool, lang: Lang) -> Result<(), Failure> {
    if out.exists() {
        return Err(Failure::file(out, exists(lang)));
    }
    let password = if unprotected {
        None
    } else {
        Some(new_password(lang)?)
    };
    let key = NewKey::make(password.as_deref())
        .map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
    write_secret(out, key.secret_file.as_bytes())?;
    let public = out.with_extension("pub");
    write(&public, key.public.file().as_bytes())?;
    let args = Args::new()
        .text("secret", out.display().to_string())
        .text("public", public.display().to_string())
        .text("key", key.public.text().to_owned());
    for id in ["bank-key-made", "bank-key-public", "bank-key-line"] {
        output::line(crate::say(id, &args, lang));
    }
    Ok(())
}

fn exists(lang: Lang) -> String {
    crate::say("bank-file-exists", &Args::new(), lang)
}

/// What a new edition is called and how long it holds.
struct New {
    version: u32,
    label: String,
    created: WallTime,
    expires: WallTime,
}

fn sign(
    folder: &Path,
    trust: &Trust,
    key: &Path,
    out: &Path,
    new: New,
    lang: Lang,
) -> Result<(), Failure> {
    let (bank, findings) = source(folder)?;
    must_be_sound(&findings)?;
    let mut release = if out.join("manifest.json").is_file() {
        rebuilt(&bank, trust, out)?
    } else {
        let edition = Edition {
            version: new.version,
            label: new.label,
            previous: None,
            created: new.created,
            expires: new.expires,
            salt: exam_server::entropy::Entropy::system()
                .draw()
                .map_err(Failure::unexpected)?,
        };
        make(&bank, trust, &edition)?
    };
    let secret = read_text(key)?;
    let signer = open_key(&secret, lang).map_err(|fault| Failure::file(key, fault))?;
    if trust.holder(signer.id()).is_none() {
        return Err(Failure::file(
            key,
            crate::say("bank-stranger", &Args::new(), lang),
        ));
    }
    let id = release
        .sign(&signer)
        .map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
    write_files(out, release.files())?;
    let args = Args::new()
        .text("key", id.to_string())
        .text("digest", release.manifest().digest().to_string());
    output::line(crate::say("bank-signed", &args, lang));
    Ok(())
}

/// Takes an edition up again and makes sure that it is what the folder holds now, so that a signer
/// signs what can be read there.
fn rebuilt(bank: &Bank, trust: &Trust, out: &Path) -> Result<Release, Failure> {
    let files = read_files(out)?;
    let built = Release::of_files(files.clone()).map_err(|refused| refusal(&refused))?;
    let keys = files
        .get("keys.json")
        .map(Vec::as_slice)
        .unwrap_or_default();
    let keys = Keys::read(keys).map_err(|bad| Failure::file(&out.join("keys.json"), bad))?;
    let manifest = built.manifest();
    let edition = Edition {
        version: manifest.version,
        label: manifest.label.clone(),
        previous: manifest.previous,
        created: manifest.created,
        expires: manifest.expires,
        salt: keys.salt(),
    };
    let again = make(bank, trust, &edition)?;
    match again
        .files()
        .iter()
        .find(|(name, bytes)| files.get(*name) != Some(bytes))
    {
        None => Ok(built),
        Some((name, _)) => Err(Failure::new(Exit::BankRefused, "fault-bank-changed")
            .text("file", name)
            .text("path", out.display())),
    }
}

/// Makes the files of an edition.
///
/// # Errors
/// [`Exit::BankRefused`] where the bank has errors or the trust root is another bank's.
pub(crate) fn make(bank: &Bank, trust: &Trust, edition: &Edition) -> Result<Release, Failure> {
    Release::make(bank, trust, edition).map_err(|fault| {
        Failure::new(Exit::BankRefused, "fault-bank-refused").text("what", crate::chain(&fault))
    })
}

fn pack(
    folder: &Path,
    trust: &Trust,
    out: &Path,
    now: WallTime,
    lang: Lang,
) -> Result<(), Failure> {
    let files = read_files(folder)?;
    exam_bank::open_files(&without_keys(&files), trust, now)
        .map_err(|refused| refusal(&refused))?;
    let release = Release::of_files(files).map_err(|refused| refusal(&refused))?;
    std::fs::create_dir_all(out).map_err(|error| Failure::file(out, error))?;
    for packed in [release.pack_bank(), release.pack_keys()] {
        let packed = packed.map_err(|fault| Failure::unexpected(crate::chain(&fault)))?;
        let path = out.join(&packed.name);
        write(&path, &packed.bytes)?;
        let args = Args::new().text("path", path.display().to_string());
        output::line(crate::say("bank-packed", &args, lang));
    }
    Ok(())
}

fn without_keys(files: &Files) -> Files {
    let kept = files.iter().filter(|(name, _)| *name != "keys.json");
    kept.map(|(name, bytes)| (name.clone(), bytes.clone()))
        .collect()
}

/// Opens a package or a built folder, verified.
///
/// # Errors
/// [`Exit::BankMissing`], or [`Exit::BankRefused`] naming what does not hold.
pub(crate) fn open(package: &Path, trust: &Trust, now: WallTime) -> Result<VerifiedBank, Failure> {
    let opened = if package.is_dir() {
        exam_bank::open_files(&without_keys(&read_files(package)?), trust, now)
    } else if package.is_file() {
        exam_bank::open_package(&read(package)?, trust, now)
    } else {
        return Err(
            Failure::new(Exit::BankMissing, "fault-bank-missing").text("path", package.display())
        );
    };
    opened.map_err(|refused| refusal(&refused))
}

/// Opens a keys file that belongs to the edition with this manifest.
///
/// # Errors
/// [`Exit::BankRefused`] naming what does not hold.
pub(crate) fn open_keys(
    path: &Path,
    trust: &Trust,
    manifest: &exam_core::Digest,
    now: WallTime,
) -> Result<Keys, Failure> {
    exam_bank::open_keys(&read(path)?, trust, manifest, now).map_err(|refused| refusal(&refused))
}

/// Reads a trust root.
///
/// # Errors
/// [`Exit::BadFile`] with every finding printed.
pub(crate) fn read_trust(path: &Path) -> Result<Trust, Failure> {
    let text = read_text(path)?;
    let name = path
        .file_name()
        .map_or_else(|| "trust.toml".into(), |name| name.to_string_lossy());
    let (trust, findings) = Trust::read(&name, &text);
    trust
        .filter(|_| !exam_bank::has_errors(&findings))
        .ok_or_else(|| {
            let reasons: Vec<String> = findings.iter().map(ToString::to_string).collect();
            Failure::file(path, reasons.join("; "))
        })
}

fn refusal(refused: &exam_bank::Refused) -> Failure {
    Failure::new(Exit::BankRefused, "fault-bank-refused").text("what", crate::chain(refused))
}

/// Says what a verified bank is.
pub(crate) fn verified(bank: &VerifiedBank, lang: Lang) -> String {
    let signers: Vec<&str> = bank.signers.iter().map(String::as_str).collect();
    let args = Args::new()
        .text("bank", bank.manifest.bank.clone())
        .text("version", bank.manifest.version.to_string())
        .text("items", bank.manifest.items.len().to_string())
        .text("signers", signers.join(", "))
        .text("digest", bank.digest.to_string());
    crate::say("bank-verified", &args, lang)
}

fn open_key(secret: &str, lang: Lang) -> Result<SigningKey, String> {
    if let Ok(key) = SigningKey::open(secret, None) {
        return Ok(key);
    }
    let password = password("bank-password", lang)?;
    SigningKey::open(secret, Some(&password)).map_err(|fault| crate::chain(&fault))
}

fn new_password(lang: Lang) -> Result<String, Failure> {
    let first = password("bank-new-password", lang).map_err(Failure::unexpected)?;
    let again = password("bank-again-password", lang).map_err(Failure::unexpected)?;
    if first != again || first.is_empty() {
        let why = crate::say("bank-passwords-differ", &Args::new(), lang);
        return Err(Failure::new(Exit::Usage, "fault-usage").text("what", why));
    }
    Ok(first)
}

fn password(id: &str, lang: Lang) -> Result<String, String> {
    let prompt = crate::say(id, &Args::new(), lang);
    rpassword::prompt_password(prompt).map_err(|error| error.to_string())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file(path, error))
}

fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    written
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| {
            Failure::new(Exit::BadFile, "fault-not-writable")
                .text("path", path.display())
                .text("what", error)
        })
}

/// Writes a file that only its owner may read.
fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write(path, bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let owner = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, owner).map_err(|error| Failure::file(path, error))?;
    }
    Ok(())
}

/// Reads the files of a built folder; sub-folders are no part of an edition.
fn read_files(folder: &Path) -> Result<Files, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::file(folder, error))?;
    let mut files = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|error| Failure::file(folder, error))?.path();
        if path.is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            files.insert(name.to_owned(), read(&path)?);
        }
    }
    Ok(files)
}

fn write_files(folder: &Path, files: &Files) -> Result<(), Failure> {
    for (name, bytes) in files {
        let path = folder.join(name);
        if name == "keys.json" {
            write_secret(&path, bytes)?;
        } else {
            write(&path, bytes)?;
        }
    }
    Ok(())
}
