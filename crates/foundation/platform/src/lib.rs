//! What every use case is handed: the database, the clock, the keys, the files, the search index, the process engine.
//!
//! One cheap handle, [`Platform`], goes to every page, service and job. It holds no state that another copy of the
//! program could not take over.

mod proxies;
mod settings;

use std::ops::Deref;
use std::sync::Arc;

use base::SharedClock;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, Vault};
use files::Files;
use flow::Engine;
use jobs::Wake;
use search::Search;
use workdays::Calendar;

pub use proxies::{Origin, Proxies};
pub use settings::{Retention, SecondFactor, Settings};

/// What an installation is called and where it stands.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Name of the platform, e.g. `桂林政务服务`.
    pub name: String,
    /// 12-digit code of the region it serves.
    pub region: String,
    /// Address citizens reach it at, without a trailing slash; goes into QR codes.
    pub base_url: String,
    /// Telephone shown on every page.
    pub hotline: String,
    /// Whether this is a demonstration: every page then says so.
    pub demonstration: bool,
    /// Whether cookies are sent over HTTPS only.
    pub secure_cookies: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            name: "桂林政务服务".into(),
            region: "450300000000".into(),
            base_url: "http://127.0.0.1:8080".into(),
            hotline: "12345".into(),
            demonstration: false,
            secure_cookies: false,
        }
    }
}

/// The parts behind the handle.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: SharedClock,
    /// Seals personal data.
    pub vault: Vault,
    /// Contents of files.
    pub files: Files,
    /// Full-text search.
    pub search: Search,
    /// Processes.
    pub flow: Arc<Engine>,
    /// Wakes the job runner.
    pub wake: Wake,
    /// Working days of the region.
    pub calendar: &'static Calendar,
    /// Fonts for documents.
    pub fonts: Vec<Vec<u8>>,
    /// Name and place.
    pub site: Site,
}

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    parts: Parts,
    settings: Settings,
}

impl Platform {
    /// A handle to these parts, with the default settings.
    pub fn new(parts: Parts) -> Self {
        Self::configured(parts, Settings::default())
    }

    /// A handle to these parts.
    pub fn configured(parts: Parts, settings: Settings) -> Self {
        Self(Arc::new(Inner { parts, settings }))
    }

    /// What the operator set.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The current moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The current day in Chinese standard time.
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }
}

impl Deref for Platform {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Platform({})", self.site.name)
    }
}
