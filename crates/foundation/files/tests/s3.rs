//! Files in a store that speaks S3: PyPI moto, an independent server. `PEERS_PYTHON` names a Python that has it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use files::{Files, S3};

struct Server(Child, String);

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _waited = self.0.wait();
    }
}

/// A server with an empty bucket `files`, or none where moto is not installed.
fn server() -> Option<Server> {
    let python = std::env::var("PEERS_PYTHON").unwrap_or_else(|_| "python3".into());
    if !Command::new(&python).args(["-c", "import moto.server"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: PyPI moto is not installed");
        return None;
    }
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let child = Command::new(&python)
        .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &address.port().to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server(child, format!("http://{address}"));
    for _ in 0..300 {
        if let Ok(mut stream) = TcpStream::connect(address) {
            write!(stream, "PUT /files HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            return Some(server);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("moto does not answer");
}

#[tokio::test]
async fn content_is_kept_once_and_its_absence_is_an_error() {
    let Some(server) = server() else { return };
    let settings = S3 {
        bucket: "files".into(),
        endpoint: server.1.clone(),
        prefix: "demonstration/one".into(),
        access_key: "example".into(),
        secret_key: "example".into(),
        ..S3::default()
    };
    let files = Files::in_s3(&settings).unwrap();
    let content = Bytes::from("准予许可决定书".repeat(1000));
    let digest = files.put(content.clone()).await.unwrap();
    assert_eq!(files.put(content.clone()).await.unwrap(), digest);
    assert_eq!(files.get(&digest).await.unwrap(), content);
    let other_copy = Files::in_s3(&settings).unwrap();
    assert_eq!(other_copy.get(&digest).await.unwrap(), content);
    let apart = Files::in_s3(&S3 { prefix: "demonstration/two".into(), ..settings.clone() }).unwrap();
    assert!(apart.get(&digest).await.is_err());
    assert!(Files::in_s3(&S3 { bucket: "none".into(), ..settings }).unwrap().put(content).await.is_err());
}
