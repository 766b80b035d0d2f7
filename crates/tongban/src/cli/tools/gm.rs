//! `tongban gm`: signatures, encryption, keys and certificates of the Chinese algorithms, on files or standard input.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use base::{Error, Result};
use clap::{Args, Subcommand, ValueEnum};
use gm::cms::{Form, SignedData, Signing};
use gm::x509::{Certificate, Purpose, Role, Template, verify_chain};
use gm::{Ciphertext, Gm, PrivateKey, PublicKey, Signature};
use serde_json::json;

/// Largest file read into memory (bytes).
const MAX_LEN: u64 = 1 << 30;

/// `tongban gm …`
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Signs a file with SM2: a bare signature, or with --certificate a SignedData (GM/T 0010).
    Sign {
        /// The file; standard input when missing or `-`.
        file: Option<PathBuf>,
        #[command(flatten)]
        key: Key,
        /// The signer's certificate; makes a SignedData.
        #[arg(long)]
        certificate: Option<PathBuf>,
        /// Where to write; standard output when missing.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
    /// Verifies a signature of a file. Exit code 1 when it does not fit.
    Verify {
        /// The file; standard input when missing or `-`.
        file: Option<PathBuf>,
        /// The signature: bare (DER), or a SignedData (DER or PEM).
        #[arg(long)]
        signature: PathBuf,
        /// The signer's public key or certificate, for a bare signature.
        #[arg(long)]
        key: Option<PathBuf>,
        /// Certificates to trust (PEM), for a SignedData.
        #[arg(long)]
        root: Vec<PathBuf>,
        /// Answers in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Encrypts a file with SM2 for the holder of a key.
    Encrypt {
        /// The file; standard input when missing or `-`.
        file: Option<PathBuf>,
        /// The recipient's public key or certificate.
        #[arg(long)]
        key: PathBuf,
        /// DER (GM/T 0009), or raw C1 ‖ C3 ‖ C2.
        #[arg(long, value_enum, default_value_t = Shape::Der)]
        form: Shape,
        /// Where to write; standard output when missing.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
    /// Decrypts a file. Exit code 1 when it was meant for another key or was changed.
    Decrypt {
        /// The file; standard input when missing or `-`.
        file: Option<PathBuf>,
        #[command(flatten)]
        key: Key,
        /// Where to write; standard output when missing.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
    /// Key files.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Certificates.
    #[command(subcommand)]
    Cert(CertCommand),
}

/// How a ciphertext is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Shape {
    /// SEQUENCE { x, y, hash, cipher }.
    Der,
    /// C1 ‖ C3 ‖ C2.
    Raw,
}

/// A private key and its password.
#[derive(Debug, Args)]
pub struct Key {
    /// The private key (PEM).
    #[arg(id = "private-key", long = "key", value_name = "FILE")]
    file: PathBuf,
    /// The file that holds the key's password, when it has one.
    #[arg(long)]
    password_file: Option<PathBuf>,
}

/// `tongban gm key …`
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Makes a new private key.
    New {
        /// Where to write it; must not exist yet.
        #[arg(long, short)]
        out: PathBuf,
        /// The file that holds a password to encrypt it with.
        #[arg(long)]
        password_file: Option<PathBuf>,
    },
    /// Writes the public half of a private key.
    Public {
        #[command(flatten)]
        key: Key,
        /// Where to write; standard output when missing.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
}

/// `tongban gm cert …`
#[derive(Debug, Subcommand)]
pub enum CertCommand {
    /// Shows a certificate.
    Show {
        /// The certificate (PEM or DER).
        file: PathBuf,
        /// Answers in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Makes a root certificate.
    Root {
        #[command(flatten)]
        key: Key,
        /// The subject: `CN=…,O=…,C=CN`.
        #[arg(long)]
        subject: String,
        /// How long it is valid.
        #[arg(long, default_value_t = 3650)]
        days: u32,
        /// Where to write; standard output when missing.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
    /// Makes a certificate for another's key.
    Issue {
        #[command(flatten)]
        key: Key,
        /// The issuer's certificate.
        #[arg(long)]
        issuer: PathBuf,
        /// The subject's public key (PEM).
        #[arg(long)]
        public: PathBuf,
        /// The subject: `CN=…,O=…,C=CN`.
        #[arg(long)]
        subject: String,
        /// What it is for.
        #[arg(long, value_enum, default_value_t = For::Signer)]
        role: For,
        /// How long it is valid.
        #[arg(long, default_value_t = 730)]
        days: u32,
        /// Where to write; standard output when missing.
        #[arg(long, short)]
        out: Option<PathBuf>,
    },
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum For {
    /// An authority under the issuer.
    Issuing,
    /// Signing documents or seals.
    Signer,
    /// Being encrypted to.
    Recipient,
    /// Time stamps.
    TimeStamping,
}

/// Runs a command; false when a signature does not fit.
///
/// # Errors
/// A sentence that says which file or key is no good.
pub fn run(command: Command) -> Result<bool> {
    match command {
        Command::Sign { file, key, certificate, out } => {
            let (key, data) = (key.read()?, input(file.as_deref())?);
            let signature = match certificate {
                None => key.sign(&data).map_err(failed)?.to_der(),
                Some(path) => {
                    let certificate = read_certificate(&path)?;
                    Signing::new(&certificate, Form::Gm).time(SystemTime::now()).sign_detached(&data, &key).map_err(failed)?
                }
            };
            output(out.as_deref(), &signature)?;
        }
        Command::Verify { file, signature, key, root, json } => return verify(file.as_deref(), &signature, key.as_deref(), &root, json),
        Command::Encrypt { file, key, form, out } => {
            let ciphertext = read_public(&key)?.encrypt(&input(file.as_deref())?).map_err(failed)?;
            let bytes = match form {
                Shape::Der => ciphertext.to_der().map_err(failed)?,
                Shape::Raw => ciphertext.to_bytes(),
            };
            output(out.as_deref(), &bytes)?;
        }
        Command::Decrypt { file, key, out } => {
            let key = key.read()?;
            let ciphertext = Ciphertext::read(&input(file.as_deref())?).map_err(failed)?;
            output(out.as_deref(), &key.decrypt(&ciphertext).map_err(failed)?)?;
        }
        Command::Key(command) => key_command(command)?,
        Command::Cert(command) => cert_command(command)?,
    }
    Ok(true)
}

fn verify(file: Option<&Path>, signature: &Path, key: Option<&Path>, roots: &[PathBuf], json: bool) -> Result<bool> {
    let (data, signature) = (input(file)?, read(signature)?);
    let (valid, signer, trusted, reason) = match SignedData::read(&signature) {
        Ok(signed) => {
            let roots = roots.iter().map(|path| read_certificate(path)).collect::<Result<Vec<_>>>()?;
            match signed.verify(Some(&data), &Gm) {
                Err(error) => (false, None, false, say(&error)),
                Ok(signers) => {
                    let chains = signers.iter().map(|signer| {
                        verify_chain(&signer.certificate, &signed.certificates, &roots, Purpose::Signing, SystemTime::now(), &Gm)
                    });
                    let names: Vec<String> = signers.iter().map(|signer| signer.certificate.subject()).collect();
                    match chains.collect::<std::result::Result<Vec<_>, _>>() {
                        Ok(_) => (true, Some(names.join("；")), true, "签名有效，签名证书可信".to_owned()),
                        Err(_) if roots.is_empty() => (true, Some(names.join("；")), false, "签名有效；没有给出信任的根证书（--root），未核对签名人".to_owned()),
                        Err(problem) => (false, Some(names.join("；")), false, format!("签名与原文相符，但签名证书不可信：{problem}")),
                    }
                }
            }
        }
        Err(_) => {
            let path = key.ok_or_else(|| Error::refused("cli.key", "请用 --key 给出签名人的公钥或证书"))?;
            let key = read_public(path)?;
            let fits = Signature::from_der(&signature).and_then(|signature| key.verify(&data, &signature));
            match fits {
                Ok(()) => (true, None, true, "签名有效".to_owned()),
                Err(error) => (false, None, false, say(&error)),
            }
        }
    };
    if json {
        println!("{}", json!({ "valid": valid, "trusted": trusted, "signer": signer, "reason": reason }));
    } else {
        println!("{}{reason}", if valid { "✔ " } else { "✘ " });
        if let Some(signer) = signer {
            println!("签名人：{signer}");
        }
    }
    Ok(valid)
}

fn key_command(command: KeyCommand) -> Result<()> {
    match command {
        KeyCommand::New { out, password_file } => {
            let key = PrivateKey::generate().map_err(failed)?;
            match password(password_file.as_deref())? {
                Some(password) => secret(&out, key.to_encrypted_pem(&password).map_err(failed)?.as_bytes()),
                None => secret(&out, key.to_pem().map_err(failed)?.as_bytes()),
            }
        }
        KeyCommand::Public { key, out } => output(out.as_deref(), key.read()?.public_key().to_pem().map_err(failed)?.as_bytes()),
    }
}

fn cert_command(command: CertCommand) -> Result<()> {
    let lasting = |days: u32| (SystemTime::now(), SystemTime::now() + Duration::from_secs(u64::from(days) * 86_400));
    match command {
        CertCommand::Show { file, json } => {
            show(&read_certificate(&file)?, json);
            Ok(())
        }
        CertCommand::Root { key, subject, days, out } => {
            let (valid_from, valid_until) = lasting(days);
            let certificate = Template { subject, role: Role::Root, valid_from, valid_until }.root(&key.read()?).map_err(failed)?;
            output(out.as_deref(), certificate.to_pem().map_err(failed)?.as_bytes())
        }
        CertCommand::Issue { key, issuer, public, subject, role, days, out } => {
            let (valid_from, valid_until) = lasting(days);
            let role = match role {
                For::Issuing => Role::Issuing,
                For::Signer => Role::Signer,
                For::Recipient => Role::Recipient,
                For::TimeStamping => Role::TimeStamping,
            };
            let spki = read_public(&public)?.to_spki().map_err(failed)?;
            let template = Template { subject, role, valid_from, valid_until };
            let certificate = template.issue(&spki, &read_certificate(&issuer)?, &key.read()?).map_err(failed)?;
            output(out.as_deref(), certificate.to_pem().map_err(failed)?.as_bytes())
        }
    }
}

fn show(certificate: &Certificate, json: bool) {
    let time = |time: SystemTime| chrono::DateTime::<chrono::Utc>::from(time).to_rfc3339();
    let (from, until) = certificate.validity();
    if json {
        println!(
            "{}",
            json!({
                "subject": certificate.subject(), "issuer": certificate.issuer(), "serial": certificate.serial(),
                "valid_from": time(from), "valid_until": time(until), "authority": certificate.is_authority(),
                "signature_algorithm": certificate.signature_algorithm().oid.to_string(),
            })
        );
    } else {
        println!("使用者：{}\n颁发者：{}\n序列号：{}", certificate.subject(), certificate.issuer(), certificate.serial());
        println!("有效期：{} 至 {}", time(from), time(until));
        println!("签发证书：{}", if certificate.is_authority() { "可以" } else { "不可以" });
    }
}

impl Key {
    fn read(&self) -> Result<PrivateKey> {
        let text = read_text(&self.file)?;
        let password = password(self.password_file.as_deref())?;
        PrivateKey::from_pem(&text, password.as_deref().map(Vec::as_slice)).map_err(failed)
    }
}

/// A password file's content without the line end.
fn password(path: Option<&Path>) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>> {
    path.map(|path| {
        let mut bytes = zeroize::Zeroizing::new(read(path)?);
        while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            bytes.pop();
        }
        Ok(bytes)
    })
    .transpose()
}

/// A public key, by itself or in a certificate.
fn read_public(path: &Path) -> Result<PublicKey> {
    let bytes = read(path)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains("BEGIN PUBLIC KEY") => PublicKey::from_pem(text),
        _ => certificate_of(&bytes).and_then(|certificate| PublicKey::from_spki(certificate.public_key())),
    }
    .map_err(failed)
}

pub(super) fn read_certificate(path: &Path) -> Result<Certificate> {
    certificate_of(&read(path)?).map_err(failed)
}

fn certificate_of(bytes: &[u8]) -> gm::Result<Certificate> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Certificate::from_pem(text),
        Err(_) => Certificate::from_der(bytes),
    }
}

fn read_text(path: &Path) -> Result<zeroize::Zeroizing<String>> {
    let bytes = read(path)?;
    String::from_utf8(bytes).map(zeroize::Zeroizing::new).map_err(|_| Error::refused("cli.file", format!("{} 不是文本文件", path.display())))
}

/// A whole file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::refused("cli.file", format!("无法读取 {}：{error}", path.display()));
    take(std::fs::File::open(path).map_err(failed)?).map_err(failed)
}

fn input(path: Option<&Path>) -> Result<Vec<u8>> {
    match path {
        Some(path) if path != Path::new("-") => read(path),
        _ => take(std::io::stdin().lock()).map_err(|error| Error::refused("cli.file", format!("无法读取标准输入：{error}"))),
    }
}

fn take(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_LEN + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_LEN { Err(std::io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

fn output(path: Option<&Path>, bytes: &[u8]) -> Result<()> {
    match path {
        Some(path) => std::fs::write(path, bytes),
        None => std::io::stdout().lock().write_all(bytes),
    }
    .map_err(|error| Error::refused("cli.out", format!("无法写出：{error}")))
}

/// A new file only its owner can read.
fn secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| Error::refused("cli.out", format!("无法写出 {}：{error}", path.display())))
}

fn failed(error: gm::Error) -> Error {
    Error::refused("cli.gm", say(&error))
}

/// What went wrong, in words for the person at the keyboard.
fn say(error: &gm::Error) -> String {
    use gm::Error::*;
    match error {
        Damaged => "密文已损坏，或不是给这把密钥的".into(),
        TooLong => "数据过长".into(),
        Random(_) | Randomness => "系统没有提供随机数".into(),
        NotAKey(_) => "不是 SM2 密钥".into(),
        PasswordNeeded => "密钥文件已加密，请用 --password-file 给出口令".into(),
        Password => "口令不对，或密钥文件已损坏".into(),
        BadSignature => "签名与密钥或原文不符".into(),
        Empty => "没有可加密的内容".into(),
        NoPem(label) => format!("文件里没有 {label}"),
        Algorithm(oid) => format!("不支持的算法 {oid}"),
        other => other.to_string(),
    }
}
