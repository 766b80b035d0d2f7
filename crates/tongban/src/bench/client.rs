//! A browser that only counts: HTTP/1.1 with keep-alive on several connections, a fixed number of requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base::{Error, Result};
use futures::future::try_join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Connections at the same time.
pub const CONNECTIONS: usize = 8;

/// An answer of the server.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// One connection.
pub struct Client {
    stream: BufReader<TcpStream>,
    cookies: Vec<String>,
}

impl Client {
    /// Connects to the address.
    pub async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), cookies: Vec::new() })
    }

    /// The same with these cookies.
    pub fn with(self, cookies: Vec<String>) -> Self {
        Self { cookies, ..self }
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, method: &str, path: &str, form: &str) -> Result<Answer> {
        let cookies = self.cookies.join("; ");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let mut head = Vec::with_capacity(1024);
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| Error::internal("no status"))?;
        let header = |name: &'static str| head.lines().filter_map(move |line| line.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v));
        let body = match header("content-length").next().and_then(|v| v.parse().ok()) {
            Some(length) => self.exactly(length).await?,
            None => self.chunks().await?,
        };
        for cookie in header("set-cookie").filter_map(|v| v.split(';').next()) {
            self.cookies.retain(|known| known.split('=').next() != cookie.split('=').next());
            self.cookies.push(cookie.to_owned());
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }

    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let mut line = Vec::new();
            while !line.ends_with(b"\r\n") {
                line.push(self.stream.read_u8().await?);
            }
            let size = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16)?;
            all.extend(self.exactly(size).await?);
            self.exactly(2).await?;
            if size == 0 {
                return Ok(all);
            }
        }
    }

    /// Signs in; the cookies stay with this client.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Result<Vec<String>> {
        let page = self.send("GET", "/login", "").await?.body;
        let token = page.split("name=\"_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let form = format!("_token={}&login={}&password={}", encoded(token), encoded(login), encoded(password));
        let answer = self.send("POST", "/login", &form).await?;
        if answer.status != 303 && answer.status != 302 {
            return Err(Error::internal(format!("signing in was answered with {}", answer.status)));
        }
        Ok(self.cookies.clone())
    }
}

/// Asks for pages, the paths in turn; how long it took as a whole and every answer.
///
/// # Errors
/// When an answer is not 200.
pub async fn measure(address: &str, cookies: &[String], paths: Vec<String>, requests: usize) -> Result<(Duration, Vec<Duration>)> {
    let (paths, next) = (Arc::new(paths), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let lanes = (0..CONNECTIONS).map(|_| {
        let (address, cookies, paths, next) = (address.to_owned(), cookies.to_vec(), paths.clone(), next.clone());
        tokio::spawn(async move {
            let mut client = Client::connect(&address).await?.with(cookies);
            let mut taken = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= requests {
                    return Ok::<_, Error>(taken);
                }
                let path = &paths[n % paths.len()];
                let asked = Instant::now();
                let status = client.send("GET", path, "").await?.status;
                taken.push(asked.elapsed());
                if status != 200 {
                    return Err(Error::internal(format!("{path} was answered with {status}")));
                }
            }
        })
    });
    let mut taken = Vec::with_capacity(requests);
    for lane in try_join_all(lanes).await? {
        taken.extend(lane?);
    }
    Ok((started.elapsed(), taken))
}
