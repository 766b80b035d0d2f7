//! Agreement with two independent implementations in both directions: PyPI gmssl and npm sm-crypto. `PEERS_PYTHON` names an
//! interpreter that has the first, `PEERS_NODE` a folder with the second; where they are missing, a notice says so.

mod common;

use std::process::Command;

use common::key;
use gm::{Ciphertext, PublicKey, Signature};

const MESSAGE: &str = "关于准予行政许可的决定";

/// What a peer prints, line by line; `None` with a notice where it is missing.
fn asked(mut command: Command, script: &str, missing: &str) -> Option<Vec<String>> {
    let ours = key(11);
    let public = hex::encode(ours.public_key().to_bytes());
    let signature = ours.sign(MESSAGE.as_bytes()).unwrap();
    let sealed = hex::encode(ours.public_key().encrypt(MESSAGE.as_bytes()).unwrap().to_bytes());
    let told = [MESSAGE, &hex::encode(ours.to_bytes()), &public, &hex::encode(signature.to_bytes()), &hex::encode(signature.to_der()), &sealed];
    let output = match command.arg(script).args(told).output() {
        Ok(output) => output,
        Err(_) => {
            println!("skipped: {missing} is not here");
            return None;
        }
    };
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    if errors.contains("No module named") || errors.contains("Cannot find module") {
        println!("skipped: {missing} is not installed");
        return None;
    }
    assert!(output.status.success(), "{errors}");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// What every peer must answer: it accepts our signature and refuses it for another text, reads our ciphertext; and we accept
/// its signature and read its ciphertext (C1C3C2 without the leading 04), and give the same digest.
fn agrees(lines: &[String]) {
    let [accepted, refused, opened, signature, sealed, digest] = lines else { panic!("{lines:?}") };
    assert_eq!([accepted.as_str(), refused.as_str(), opened.as_str()], ["true", "false", MESSAGE]);
    let ours = key(11);
    let theirs: [u8; 64] = hex::decode(signature).unwrap().try_into().unwrap();
    ours.public_key().verify(MESSAGE.as_bytes(), &Signature::from_bytes(&theirs).unwrap()).unwrap();
    let sealed = [vec![4], hex::decode(sealed).unwrap()].concat();
    assert_eq!(*ours.decrypt(&Ciphertext::from_bytes(&sealed).unwrap()).unwrap(), MESSAGE.as_bytes());
    assert_eq!(hex::decode(digest).unwrap(), gm::sm3(MESSAGE.as_bytes()));
    assert!(PublicKey::from_bytes(&ours.public_key().to_bytes()).is_ok());
}

#[test]
fn gmssl_agrees() {
    let script = r"
import sys
from gmssl import sm2, sm3, func
text, private, public, signature, _, sealed = sys.argv[1:]
data = text.encode()
peer = sm2.CryptSM2(private_key=private, public_key=public[2:], mode=1)
print(str(bool(peer.verify_with_sm3(signature, data))).lower())
print(str(bool(peer.verify_with_sm3(signature, data + b'.'))).lower())
print(peer.decrypt(bytes.fromhex(sealed[2:])).decode())
print(peer.sign_with_sm3(data))
print(peer.encrypt(data).hex())
print(sm3.sm3_hash(func.bytes_to_list(data)))
";
    let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".into());
    let mut command = Command::new(python);
    command.env("PYTHONIOENCODING", "utf-8").arg("-c");
    if let Some(lines) = asked(command, script, "PyPI gmssl") {
        agrees(&lines);
    }
}

#[test]
fn sm_crypto_agrees() {
    let script = r"
const { sm2, sm3 } = require('sm-crypto');
const [text, priv, pub, , der, sealed] = process.argv.slice(1);
const how = { hash: true, der: true };
console.log(sm2.doVerifySignature(text, der, pub, how));
console.log(sm2.doVerifySignature(text + '.', der, pub, how));
console.log(sm2.doDecrypt(sealed.slice(2), priv, 1));
console.log(sm2.doSignature(text, priv, { hash: true, publicKey: pub }));
console.log(sm2.doEncrypt(text, pub, 1));
console.log(sm3(text));
";
    let mut command = Command::new("node");
    if let Ok(folder) = std::env::var("PEERS_NODE") {
        command.current_dir(folder);
    }
    command.arg("-e");
    if let Some(lines) = asked(command, script, "npm sm-crypto") {
        agrees(&lines);
    }
}
