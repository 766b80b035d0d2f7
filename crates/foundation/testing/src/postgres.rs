use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use uuid::Uuid;

/// Port of the harness's own server; only on loopback.
const PORT: u16 = 54329;

/// URL of a server, without a database name.
///
/// # Errors
/// When PostgreSQL is not installed or does not start.
pub fn server_url() -> Result<String> {
    static URL: OnceLock<String> = OnceLock::new();
    if let Some(url) = URL.get() {
        return Ok(url.clone());
    }
    let url = match std::env::var("TONGBAN_TEST_POSTGRES") {
        Ok(url) => url.trim_end_matches('/').to_owned(),
        Err(_) => start()?,
    };
    Ok(URL.get_or_init(|| url).clone())
}

/// Makes a fresh database and returns its URL.
pub(crate) fn create_database() -> Result<String> {
    let server = server_url()?;
    let name = format!("t_{}", Uuid::now_v7().simple());
    let output = Command::new(program("psql")?)
        .args(["--no-psqlrc", "--quiet", "-c", &format!("CREATE DATABASE {name}"), &format!("{server}/postgres")])
        .output()
        .context("running psql")?;
    succeed(&output, "CREATE DATABASE")?;
    Ok(format!("{server}/{name}"))
}

/// The folder of the shared server.
fn folder() -> PathBuf {
    std::env::temp_dir().join("tongban-test-postgres")
}

fn start() -> Result<String> {
    let folder = folder();
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock().context("waiting for another test process")?; // released when the file is closed
    let data = folder.join("data");
    let url = format!("postgres://postgres@127.0.0.1:{PORT}");
    if answers(&url)? {
        return Ok(url);
    }
    let run = |arguments: &[&str]| -> Result<Output> {
        let mut command = as_unprivileged(&program(arguments[0])?);
        Ok(command.args(&arguments[1..]).current_dir("/").output()?)
    };
    if is_root() {
        succeed(&Command::new("chown").args(["-R", "postgres"]).arg(&folder).output()?, "chown")?;
    }
    let data_text = data.to_str().context("the temporary folder has a strange name")?;
    if !data.join("PG_VERSION").exists() {
        succeed(&run(&["initdb", "-D", data_text, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])?, "initdb")?;
    }
    // Tests want speed, not durability; the fault tests start a server of their own with fsync on.
    let options = format!("-p {PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300");
    let log = folder.join("log");
    let output = run(&["pg_ctl", "-D", data_text, "-l", log.to_str().context("the temporary folder has a strange name")?, "-w", "-o", &options, "start"])?;
    if !answers(&url)? {
        bail!("PostgreSQL did not start: {}{}", String::from_utf8_lossy(&output.stdout), fs::read_to_string(&log).unwrap_or_default());
    }
    Ok(url)
}

fn answers(url: &str) -> Result<bool> {
    let output = Command::new(program("psql")?).args(["--no-psqlrc", "-Atc", "SELECT 1", &format!("{url}/postgres")]).output()?;
    Ok(output.status.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}

/// PostgreSQL's server programs refuse to run as root; as root they are run as the user that Debian's package makes.
fn as_unprivileged(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// Finds a program of PostgreSQL: on the path, or where Debian puts the server's.
fn program(name: &str) -> Result<PathBuf> {
    let mut places: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|v| v.path().join("bin")).collect();
    places.sort();
    places.reverse();
    places.extend(std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect::<Vec<_>>()).unwrap_or_default());
    places
        .into_iter()
        .map(|place| place.join(name))
        .find(|path| path.is_file())
        .with_context(|| format!("{name} is not installed; install the Debian package postgresql (apt-get install postgresql)"))
}

fn succeed(output: &Output, what: &str) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    bail!("{what} failed: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
