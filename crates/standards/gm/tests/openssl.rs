//! Agreement with OpenSSL in both directions. Skipped with a notice where there is none with SM2.

mod common;

use std::path::Path;
use std::process::Command;

use common::{authority, days, key, noon, template};
use gm::x509::{Certificate, Purpose, RevocationList, Revoked, Role, verify_chain};
use gm::{Ciphertext, Gm, PrivateKey, PublicKey, Signature};

const MESSAGE: &[u8] = "关于准予行政许可的决定".as_bytes();

/// A folder and whether OpenSSL knows SM2.
fn openssl() -> Option<tempfile::TempDir> {
    let known = Command::new("openssl").args(["list", "-public-key-algorithms"]).output();
    if known.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("SM2")) {
        return Some(tempfile::tempdir().unwrap());
    }
    println!("skipped: openssl with SM2 is not here");
    None
}

/// Runs OpenSSL in the folder; its standard output, or what it complained about.
fn run(folder: &Path, arguments: &str) -> Result<String, String> {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stdout) + &text(&output.stderr)) }
}

#[test]
fn keys_signatures_and_ciphertexts() {
    let Some(folder) = openssl() else { return };
    let folder = folder.path();
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("message", MESSAGE);

    // Its key, its signature, its ciphertext: read here.
    run(folder, "genpkey -algorithm SM2 -out theirs.pem").unwrap();
    run(folder, "pkey -in theirs.pem -pubout -out theirs.pub").unwrap();
    run(folder, "pkey -in theirs.pem -aes-256-cbc -passout pass:secret -out sealed.pem").unwrap();
    run(folder, "ec -in theirs.pem -out sec1.pem").unwrap();
    run(folder, "dgst -sm3 -sign theirs.pem -sigopt distid:1234567812345678 -out theirs.sig message").unwrap();
    run(folder, "pkeyutl -encrypt -pubin -inkey theirs.pub -in message -out theirs.enc").unwrap();
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    let theirs = PrivateKey::from_pem(&text("theirs.pem"), None).unwrap();
    let public = PublicKey::from_pem(&text("theirs.pub")).unwrap();
    assert_eq!(theirs.public_key(), public);
    assert_eq!(PrivateKey::from_pem(&text("sealed.pem"), Some(b"secret")).unwrap().to_bytes(), theirs.to_bytes());
    assert_eq!(PrivateKey::from_pem(&text("sec1.pem"), None).unwrap().to_bytes(), theirs.to_bytes());
    public.verify(MESSAGE, &Signature::from_der(&read("theirs.sig")).unwrap()).unwrap();
    assert_eq!(*theirs.decrypt(&Ciphertext::read(&read("theirs.enc")).unwrap()).unwrap(), MESSAGE);

    // Ours: read there.
    let ours = key(11);
    write("ours.pem", ours.to_encrypted_pem(b"secret").unwrap().as_bytes());
    write("ours.pub", ours.public_key().to_pem().unwrap().as_bytes());
    write("ours.sig", &ours.sign(MESSAGE).unwrap().to_der());
    write("ours.enc", &ours.public_key().encrypt(MESSAGE).unwrap().to_der().unwrap());
    assert_eq!(run(folder, "pkey -in ours.pem -passin pass:secret -pubout").unwrap(), text("ours.pub"));
    run(folder, "dgst -sm3 -verify ours.pub -sigopt distid:1234567812345678 -signature ours.sig message").unwrap();
    assert!(run(folder, "dgst -sm3 -verify ours.pub -sigopt distid:1234567812345679 -signature ours.sig message").is_err());
    assert_eq!(run(folder, "pkeyutl -decrypt -inkey ours.pem -passin pass:secret -in ours.enc").unwrap().as_bytes(), MESSAGE);
}

#[test]
fn certificates_and_lists() {
    let Some(folder) = openssl() else { return };
    let folder = folder.path();
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();

    // Its root and its certificate of a signer: read here.
    run(folder, "genpkey -algorithm SM2 -out root.key").unwrap();
    run(folder, "req -x509 -new -key root.key -sm3 -sigopt distid:1234567812345678 -subj /C=CN/O=Demo/CN=Root -days 30 -out root.pem").unwrap();
    run(folder, "genpkey -algorithm SM2 -out leaf.key").unwrap();
    run(folder, "req -new -key leaf.key -sm3 -sigopt distid:1234567812345678 -subj /C=CN/CN=Leaf -out leaf.csr").unwrap();
    run(folder, "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -sm3 -sigopt distid:1234567812345678 -vfyopt distid:1234567812345678 -days 20 -out leaf.pem").unwrap();
    let read = |name: &str| Certificate::from_pem(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
    let (root, leaf) = (read("root.pem"), read("leaf.pem"));
    let chain = verify_chain(&leaf, &[], std::slice::from_ref(&root), Purpose::Signing, std::time::SystemTime::now(), &Gm).unwrap();
    assert_eq!(chain, [leaf, root]);

    // Our root, issuing authority, signer and list: read there.
    let a = authority();
    let leaf = a.leaf(3, Role::Signer);
    let revoked = a.issue(4, template("CN=已吊销", Role::Signer));
    let list = |issuer, signer, entries: &[Revoked]| RevocationList::issue(issuer, signer, 1, noon() - days(1), noon() + days(9), entries).unwrap().to_pem().unwrap();
    let entry = Revoked { serial: revoked.serial(), since: noon() - days(2), reason: None };
    write("our-root.pem", a.root.to_pem().unwrap());
    write("our-issuing.pem", a.issuing.to_pem().unwrap());
    write("our-leaf.pem", leaf.to_pem().unwrap());
    write("our.crl", list(&a.issuing, &key(2), std::slice::from_ref(&entry)));
    // OpenSSL 3.0 gives the identity to the lowest certificate only, so each link is checked on its own.
    let verify = |options: &str| run(folder, &format!("verify -attime 1780315200 -vfyopt distid:1234567812345678 -x509_strict {options}"));
    assert_eq!(verify("-CAfile our-root.pem our-issuing.pem").unwrap().trim(), "our-issuing.pem: OK");
    assert_eq!(verify("-partial_chain -trusted our-issuing.pem our-leaf.pem").unwrap().trim(), "our-leaf.pem: OK");
    assert!(verify("-partial_chain -trusted our-root.pem our-leaf.pem").is_err());
    let text = run(folder, "crl -in our.crl -noout -text").unwrap();
    assert!(text.contains(&revoked.serial().to_uppercase()) && text.contains("SM2-with-SM3"), "{text}");
}

/// OpenSSL 3.0 cannot verify SM2 in CMS, but it reads the structure and the time stamp token.
#[test]
fn structures_are_read() {
    let Some(folder) = openssl() else { return };
    let folder = folder.path();
    let a = authority();
    let (leaf, stamper) = (a.leaf(3, Role::Signer), a.leaf(4, Role::TimeStamping));
    let signed = gm::cms::Signing::new(&leaf, gm::cms::Form::Cms).time(noon()).sign_detached(MESSAGE, &key(3)).unwrap();
    std::fs::write(folder.join("signed.der"), &signed).unwrap();
    let text = run(folder, "cms -cmsout -print -inform DER -in signed.der").unwrap();
    assert!(text.contains("2026") && text.contains("sm3"), "{text}");
    let signer = key(4);
    let authority = gm::tsp::Authority { certificate: &stamper, chain: &[], signer: &signer, policy: gm::tsp::DEMO_POLICY };
    // Its request, our answer, its reading of our answer.
    std::fs::write(folder.join("message"), MESSAGE).unwrap();
    run(folder, "ts -query -data message -sm3 -cert -out request.tsq").unwrap();
    let answer = authority.answer(&std::fs::read(folder.join("request.tsq")).unwrap(), noon()).unwrap();
    std::fs::write(folder.join("answer.tsr"), answer).unwrap();
    let text = run(folder, "ts -reply -in answer.tsr -text").unwrap();
    assert!(text.contains("Status: Granted.") && text.contains("Jun  1 12:00:00 2026 GMT"), "{text}");
}
