//! Configuration: defaults ← `tongban.toml` ← environment (`TONGBAN_…`) ← flags. `config/tongban.sample.toml` explains it.

use std::path::{Path, PathBuf};

use base::Result;
use files::{Files, S3};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use platform::{Proxies, Retention, SecondFactor, Settings, Site};
use serde::{Deserialize, Serialize};

/// Everything an installation can set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// Address and port of `/metrics`, apart from the pages; empty: none.
    pub metrics_listen: String,
    /// Reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: networks or addresses.
    pub trusted_proxies: Proxies,
    /// Which staff must sign in with a second factor: `auto`, `deciders`, `all`, `off`.
    pub staff_second_factor: SecondFactor,
    /// `sqlite:PATH` or `postgres://…`; empty means SQLite in the data folder.
    pub database: String,
    /// Folder for files, the search index, the key file and the embedded database.
    pub data_dir: PathBuf,
    /// Where files lie instead of the data folder.
    pub s3: S3,
    /// Key file; empty means `keys/master.key` in the data folder.
    pub key_file: PathBuf,
    /// Log lines as JSON instead of text.
    pub log_json: bool,
    /// What is logged, e.g. `info` or `info,cases=debug`.
    pub log: String,
    /// How long rows that are over are kept.
    pub retention: Retention,
    /// Name and place.
    pub site: Site,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            metrics_listen: "127.0.0.1:8081".into(),
            trusted_proxies: Proxies::default(),
            staff_second_factor: SecondFactor::default(),
            database: String::new(),
            data_dir: "var".into(),
            s3: S3::default(),
            key_file: PathBuf::new(),
            log_json: false,
            log: "info".into(),
            retention: Retention::default(),
            site: Site::default(),
        }
    }
}

impl Config {
    /// Reads the configuration; a named file must be there, the default one may be missing.
    ///
    /// # Errors
    /// When a file or variable cannot be understood, naming the key.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let toml = match file {
            Some(path) => Toml::file_exact(path),
            None => Toml::file("tongban.toml"),
        };
        let config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(toml)
            .merge(Env::prefixed("TONGBAN_").ignore(&["test_postgres", "config"]).split("__"))
            .extract()?;
        Ok(config)
    }

    /// What the platform is told of it.
    pub fn settings(&self) -> Settings {
        Settings { retention: self.retention, trusted_proxies: self.trusted_proxies.clone(), second_factor: self.staff_second_factor }
    }

    /// The database URL in force.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() { format!("sqlite:{}", self.data_dir.join("tongban.db").display()) } else { self.database.clone() }
    }

    /// The store of files in force.
    ///
    /// # Errors
    /// When the folder cannot be made, or the settings of the other store are incomplete.
    pub fn files(&self) -> Result<Files> {
        if self.s3.is_set() { Files::in_s3(&self.s3) } else { Files::in_folder(&self.data_dir.join("files")) }
    }

    /// The key file in force.
    pub fn key_path(&self) -> PathBuf {
        if self.key_file.as_os_str().is_empty() { self.data_dir.join("keys/master.key") } else { self.key_file.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_understood_and_says_the_defaults() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/tongban.sample.toml");
        let config = Config::load(Some(Path::new(sample))).unwrap();
        assert_eq!(config.listen, Config::default().listen);
        assert_eq!(config.s3, Config::default().s3);
        assert_eq!(config.site.region, Config::default().site.region);
        assert_eq!((config.retention, config.trusted_proxies), (Config::default().retention, Config::default().trusted_proxies));
        assert_eq!((config.metrics_listen, config.staff_second_factor), (Config::default().metrics_listen, Config::default().staff_second_factor));
    }

    #[test]
    fn a_wrong_network_is_an_error_that_names_it() {
        let file = std::env::temp_dir().join(format!("tongban-proxies-{}.toml", std::process::id()));
        std::fs::write(&file, "trusted_proxies = [\"10.0.0.0/8\", \"10.0.0/8\"]\n").unwrap();
        let error = Config::load(Some(&file)).unwrap_err().to_string();
        assert!(error.contains("10.0.0/8") && error.contains("trusted_proxies"), "{error}");
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let file = std::env::temp_dir().join(format!("tongban-config-{}.toml", std::process::id()));
        std::fs::write(&file, "lisen = \"x\"\n").unwrap();
        assert!(Config::load(Some(&file)).unwrap_err().to_string().contains("lisen"));
        std::fs::remove_file(file).unwrap();
    }
}
