//! What independent programs say of our trust and our files; skipped with a notice where they are not installed.

mod common;

use std::path::Path;
use std::process::Command;

use common::{act, approved, here, order};
use seals::model::Act;
use seals::service::public_file;
use seals::{Format, Purpose, SealKind, content, issue};

fn run(folder: &Path, arguments: &str) -> Result<String, String> {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(format!("{}{}", text(&output.stdout), text(&output.stderr))) }
}

#[tokio::test]
async fn openssl_follows_the_chain_and_reads_the_list() {
    let known = Command::new("openssl").args(["list", "-public-key-algorithms"]).output();
    if !known.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("SM2")) {
        println!("skipped: openssl with SM2 is not here");
        return;
    }
    let here = here().await.remove(0);
    let p = &here.platform;
    let (_, seal) = approved(&here, SealKind::Approval).await;
    let certificate = seals::service::view(p, &common::authority(), seal).await.unwrap().certificate.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for name in ["root", "issuing", "maker", "tsa"] {
        let der = public_file(p, &format!("{name}.cer")).await.unwrap();
        let pem = gm::x509::Certificate::from_der(&der).unwrap().to_pem().unwrap();
        std::fs::write(folder.join(format!("{name}.pem")), pem).unwrap();
    }
    std::fs::write(folder.join("seal.pem"), certificate.to_pem().unwrap()).unwrap();
    // OpenSSL 3.0 gives the identity to the lowest certificate only, so each link is checked on its own.
    let verify = |options: &str| run(folder, &format!("verify -attime {} -vfyopt distid:1234567812345678 -x509_strict {options}", p.now().timestamp()));
    assert_eq!(verify("-CAfile root.pem issuing.pem").unwrap().trim(), "issuing.pem: OK");
    for name in ["seal", "maker", "tsa"] {
        assert_eq!(verify(&format!("-partial_chain -trusted issuing.pem {name}.pem")).unwrap().trim(), format!("{name}.pem: OK"));
    }
    assert!(verify("-partial_chain -trusted root.pem seal.pem").is_err());
    let serial = certificate.serial().to_uppercase();
    let listed = async || {
        std::fs::write(folder.join("list.crl"), public_file(p, "issuing.crl").await.unwrap()).unwrap();
        run(folder, "crl -inform DER -in list.crl -noout -text").unwrap()
    };
    assert!(!listed().await.contains(&serial));
    act(&here, seal, Act::Revoke).await;
    assert!(listed().await.contains(&serial), "the list says so at once");
    assert_eq!(public_file(p, "root.key").await.unwrap_err().kind(), base::Kind::NotFound);
    assert_eq!(public_file(p, "root.handle").await.unwrap_err().kind(), base::Kind::NotFound);
}

#[tokio::test]
async fn poppler_finds_the_signature_and_qpdf_no_fault() {
    let here = here().await.remove(0);
    let (body, _) = approved(&here, SealKind::Approval).await;
    let paper = issue(&here.platform, order(&here, &body, Purpose::Decision)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed.pdf");
    std::fs::write(&path, content(&here.platform, &paper, Format::Pdf).await.unwrap()).unwrap();
    match Command::new("pdfsig").arg("-nocert").arg(&path).output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(text.contains("Signature #1") && text.contains("ETSI.CAdES.detached") && text.contains("Total document signed"), "{text}");
        }
        Err(_) => println!("skipped: pdfsig is not here"),
    }
    match Command::new("qpdf").arg("--check").arg(&path).output() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(_) => println!("skipped: qpdf is not here"),
    }
}
