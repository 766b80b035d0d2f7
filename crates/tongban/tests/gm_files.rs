//! `tongban gm` and `tongban seal` as a person uses them: files in, files out, exit code 0 or 1.

use std::path::Path;
use std::process::{Command, Output};

fn tongban(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tongban")).current_dir(folder).args(arguments).output().unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = tongban(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn failed(folder: &Path, arguments: &[&str]) -> String {
    let output = tongban(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn keys_signatures_and_ciphertexts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("file"), "决定书").unwrap();
    std::fs::write(folder.join("other"), "另一份").unwrap();
    done(folder, &["gm", "key", "new", "-o", "root.key"]);
    done(folder, &["gm", "key", "new", "-o", "me.key"]);
    assert!(failed(folder, &["gm", "key", "new", "-o", "me.key"]).contains("无法写出"), "a key is never overwritten");
    done(folder, &["gm", "key", "public", "--key", "me.key", "-o", "me.pub"]);
    done(folder, &["gm", "cert", "root", "--key", "root.key", "--subject", "CN=演示根,C=CN", "-o", "root.pem"]);
    done(folder, &["gm", "cert", "issue", "--key", "root.key", "--issuer", "root.pem", "--public", "me.pub", "--subject", "CN=示例,C=CN", "-o", "me.pem"]);
    assert!(done(folder, &["gm", "cert", "show", "me.pem"]).contains("颁发者：CN=演示根,C=CN"));

    done(folder, &["gm", "sign", "file", "--key", "me.key", "-o", "bare.sig"]);
    assert!(done(folder, &["gm", "verify", "file", "--signature", "bare.sig", "--key", "me.pub"]).contains("签名有效"));
    assert!(failed(folder, &["gm", "verify", "other", "--signature", "bare.sig", "--key", "me.pem"]).contains("不符"));
    done(folder, &["gm", "sign", "file", "--key", "me.key", "--certificate", "me.pem", "-o", "file.p7"]);
    let answer = done(folder, &["gm", "verify", "file", "--signature", "file.p7", "--root", "root.pem", "--json"]);
    assert!(answer.contains("\"valid\":true") && answer.contains("\"trusted\":true"), "{answer}");
    failed(folder, &["gm", "verify", "other", "--signature", "file.p7", "--root", "root.pem"]);

    done(folder, &["gm", "encrypt", "file", "--key", "me.pem", "-o", "hidden"]);
    assert_eq!(done(folder, &["gm", "decrypt", "hidden", "--key", "me.key"]), "决定书");
    assert!(failed(folder, &["gm", "decrypt", "hidden", "--key", "root.key"]).contains("不是给这把密钥的"));
    assert!(failed(folder, &["seal", "verify", "file", "--json"]).contains("\"failed\""));
}
