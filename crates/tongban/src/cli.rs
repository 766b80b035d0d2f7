//! The commands.

mod tools;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use base::Result;
use clap::{Parser, Subcommand};

use crate::compose::{self, Program};
use crate::config::Config;
use crate::{bench, check, demo, operate, serve};

/// 通办: the program in which a city runs its government services.
#[derive(Debug, Parser)]
#[command(name = "tongban", version)]
pub struct Cli {
    /// Configuration file.
    #[arg(long, global = true, env = "TONGBAN_CONFIG")]
    config: Option<PathBuf>,
    /// Database URL: sqlite:PATH or postgres://…
    #[arg(long, global = true)]
    database: Option<String>,
    /// Folder for files, index, keys and the embedded database.
    #[arg(long, global = true)]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the platform.
    Serve {
        /// Address and port to listen on.
        #[arg(long)]
        listen: Option<String>,
        /// Fills an empty database with the Guilin demonstration first.
        #[arg(long)]
        demo: bool,
    },
    /// Brings the database schema up to date.
    Migrate,
    /// The Guilin demonstration.
    Demo {
        #[command(subcommand)]
        what: Demo,
    },
    /// Jobs that were given up after their last try.
    Jobs {
        #[command(subcommand)]
        what: operate::Jobs,
    },
    /// Measures the main job on an empty database, beside bare commits of the same engine.
    Bench {
        /// How many cases live their whole life.
        #[arg(long, default_value_t = 200)]
        cases: usize,
        /// Works without end and says what was acknowledged; for the fault test.
        #[arg(long, hide = true)]
        soak: bool,
        #[command(subcommand)]
        what: Option<Bench>,
    },
    /// Checks configuration, database, keys, files; or the journal.
    Check {
        /// `journal` checks every chain of the journal.
        #[arg(value_parser = ["journal"])]
        what: Option<String>,
    },
    #[command(flatten)]
    Tool(tools::Tool),
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Measures processes alone: start, task, end, each step durable.
    Flows {
        /// How many instances.
        #[arg(long, default_value_t = 2_000)]
        instances: usize,
    },
    /// Measures a step of a process beside few and beside many waiting ones.
    Waiting {
        /// How many instances are run at each size.
        #[arg(long, default_value_t = 2_000)]
        instances: usize,
        /// Waiting instances at first.
        #[arg(long, default_value_t = 1_000)]
        few: u64,
        /// Waiting instances then.
        #[arg(long, default_value_t = 1_000_000)]
        many: u64,
    },
    /// Measures decisions by a table of 20 rules, in process and over HTTP.
    Decisions {
        /// Seconds for each measurement.
        #[arg(long, default_value_t = 5.0)]
        seconds: f64,
    },
    /// Measures SM2 beside OpenSSL, documents typeset and sealed, files verified.
    Documents {
        /// Seconds for each measurement of signatures.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
        /// How many decided cases have their documents made.
        #[arg(long, default_value_t = 40)]
        cases: usize,
    },
    /// Measures reading, drawing and judging a form.
    Forms {
        /// Seconds for each measurement.
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
    },
    /// Measures pages with a hundredth of these numbers in the database, then with all of them.
    Pages {
        /// Published items.
        #[arg(long, default_value_t = 200_000)]
        items: u64,
        /// Cases.
        #[arg(long, default_value_t = 1_000_000)]
        cases: u64,
        /// Requests per page.
        #[arg(long, default_value_t = 2_000)]
        requests: usize,
    },
}

#[derive(Debug, Subcommand)]
enum Demo {
    /// Fills an empty database.
    Load,
    /// Throws everything of an embedded database away and fills it anew.
    Reset,
}

/// The command line of this program. A tool that answers in JSON does so even when it is called wrongly, and with the same
/// exit code as for anything else that is wrong.
///
/// # Errors
/// The exit code, after saying what is wrong.
pub fn arguments() -> std::result::Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| {
        let command = std::env::args().nth(1).unwrap_or_default();
        match tools::misused(&command, &error).filter(|_| error.use_stderr()) {
            Some(problem) => {
                println!("{problem}");
                ExitCode::FAILURE
            }
            None => error.exit(),
        }
    })
}

/// Runs a command.
///
/// # Errors
/// Whatever kept it from its end.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    // Tools on files need no installation, so they run before the configuration is read.
    if let Command::Tool(tool) = cli.command {
        return tools::run(tool);
    }
    let mut config = Config::load(cli.config.as_deref())?;
    if let Some(database) = cli.database {
        config.database = database;
    }
    if let Some(folder) = cli.data_dir {
        config.data_dir = folder;
    }
    serve::logging(&config.log, config.log_json);
    match cli.command {
        Command::Serve { listen, demo } => {
            config.site.demonstration |= demo;
            if let Some(listen) = listen {
                config.listen = listen;
            }
            let program = ready(&config, demo).await?;
            program.start().await?;
            announce(&config, demo);
            serve::serve(program, &config.listen, &config.metrics_listen).await?;
        }
        Command::Migrate => {
            let (platform, _) = compose::open(&config).await?;
            let applied = db::migrate(&platform.db, &compose::migrations(&platform)).await?;
            println!("{} migrations applied", applied.len());
        }
        Command::Demo { what } => {
            config.site.demonstration = true;
            if matches!(what, Demo::Reset) {
                reset(&config)?;
            }
            ready(&config, true).await?;
        }
        Command::Jobs { what } => {
            let (platform, _) = compose::open(&config).await?;
            operate::jobs(&platform, what).await?;
        }
        Command::Bench { cases, soak, what } => {
            config.site.demonstration = true;
            match what {
                Some(Bench::Flows { instances }) => bench::flows(&config, instances).await?,
                Some(Bench::Waiting { instances, few, many }) => bench::waiting(&config, instances, few, many).await?,
                Some(Bench::Decisions { seconds }) => bench::decisions(&config, span(seconds)?).await?,
                Some(Bench::Documents { seconds, cases }) => bench::documents(&config, span(seconds)?, cases).await?,
                Some(Bench::Forms { seconds }) => bench::forms(span(seconds)?)?,
                Some(Bench::Pages { items, cases, requests }) => bench::pages(&config, bench::Scale { items, cases }, requests).await?,
                None if soak => bench::soak(&config).await?,
                None => bench::cases(&config, cases).await?,
            }
        }
        Command::Check { what } => {
            let (platform, _) = compose::open(&config).await?;
            let well = match what.as_deref() {
                Some(_) => check::journal(&platform).await?,
                None => check::installation(&platform).await?,
            };
            return Ok(exit(well));
        }
        Command::Tool(_) => {} // done above
    }
    Ok(ExitCode::SUCCESS)
}

fn span(seconds: f64) -> Result<Duration> {
    Duration::try_from_secs_f64(seconds).map_err(base::Error::internal)
}

/// 0 when all is well, else 1.
fn exit(well: bool) -> ExitCode {
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Opens, migrates and, if wanted and empty, fills the installation.
///
/// # Errors
/// When any of it fails.
pub async fn ready(config: &Config, demonstration: bool) -> Result<Program> {
    let (platform, clock) = compose::open(config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    let loading = demonstration && demo::begin(&platform).await?;
    if loading {
        demo::load_foundation(&platform, &clock).await?;
    }
    let program = compose::compose(platform, clock).await?;
    if loading {
        program.start().await?;
        demo::load_cases(&program).await?;
        demo::finish(&program.platform).await?;
    }
    Ok(program)
}

fn reset(config: &Config) -> Result<()> {
    if !config.database.is_empty() && !config.database.starts_with("sqlite:") {
        return Err(base::Error::internal("reset works on the embedded database only; drop and create a PostgreSQL database yourself"));
    }
    let url = config.database_url();
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{path}{suffix}");
        if std::path::Path::new(&file).exists() {
            std::fs::remove_file(&file)?;
        }
    }
    for folder in ["files", "search"] {
        let folder = config.data_dir.join(folder);
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
    }
    Ok(())
}

fn announce(config: &Config, demonstration: bool) {
    println!();
    println!("  {} 已启动： http://{}", config.site.name, config.listen);
    if demonstration {
        println!("  演示账号（密码均为 {}）：", demo::PASSWORD);
        for (login, label) in demo::accounts() {
            println!("    {login:<20} {label}");
        }
    }
    println!();
}
