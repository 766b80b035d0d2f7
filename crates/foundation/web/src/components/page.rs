//! [`Page`]: what a page says about itself. How it is drawn is in [`super::shell`].

use maud::{Markup, Render};

use super::{Icon, Tone};

/// Who a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Citizens and firms: the hall.
    Public,
    /// Staff: left navigation, smaller type.
    Workbench,
}

/// An entry of the navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    pub(super) label: String,
    pub(super) href: String,
    pub(super) icon: Option<Icon>,
    pub(super) active: bool,
    pub(super) badge: u64,
}

impl NavItem {
    /// An entry and where it leads.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> NavItem {
        NavItem {
            label: label.into(),
            href: href.into(),
            icon: None,
            active: false,
            badge: 0,
        }
    }

    /// Its sign (workbench only).
    pub fn icon(self, icon: Icon) -> NavItem {
        NavItem {
            icon: Some(icon),
            ..self
        }
    }

    /// The page shown belongs to this entry.
    pub fn active(self, active: bool) -> NavItem {
        NavItem { active, ..self }
    }

    /// How many things wait there; 0 shows nothing.
    pub fn badge(self, count: u64) -> NavItem {
        NavItem { badge: count, ..self }
    }
}

/// The person signed in.
#[derive(Clone, Debug)]
pub struct UserChip {
    /// Name as shown.
    pub name: String,
    /// Post and body for staff, kind of account for the public: `审批科 科员`, `个人账号`.
    pub role_line: String,
    /// Where the name leads: my account, my affairs.
    pub home_href: String,
    /// Where signing out is posted.
    pub logout_action: String,
    /// The session's request token.
    pub csrf_token: String,
}

/// The place whose services are shown.
#[derive(Clone, Debug)]
pub struct RegionChip {
    /// Name of the region.
    pub name: String,
    /// Where another one is chosen.
    pub change_href: String,
}

/// What an installation calls itself and how it is reached.
#[derive(Clone, Debug)]
pub struct Site {
    /// Name of the platform: `桂林市通办`.
    pub name: String,
    /// A line below the name.
    pub tagline: String,
    /// Telephone for questions about the platform, beside 12345.
    pub consult_phone: String,
    /// Body that runs the platform, for the footer.
    pub host: String,
    /// Marks everything as demonstration data.
    pub demo: bool,
    /// Where the built front end is served, without a slash at the end.
    pub assets: String,
    /// Release, added to asset addresses so that caches follow.
    pub version: String,
}

impl Default for Site {
    fn default() -> Site {
        Site {
            name: "通办".to_owned(),
            tagline: "政务服务，一处通办".to_owned(),
            consult_phone: String::new(),
            host: String::new(),
            demo: false,
            assets: "/assets".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Where the search box of a public page stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchPlace {
    /// In the header.
    #[default]
    Header,
    /// Large below the header, for the front page.
    Hero,
    /// Nowhere, for pages where people are in the middle of something.
    None,
}

/// A page to be written.
#[derive(Clone, Debug)]
pub struct Page {
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) audience: Audience,
    pub(super) site: Site,
    pub(super) nav: Vec<(Option<String>, Vec<NavItem>)>,
    pub(super) crumbs: Vec<(String, Option<String>)>,
    pub(super) user: Option<UserChip>,
    pub(super) login_href: String,
    pub(super) region: Option<RegionChip>,
    pub(super) elder: bool,
    pub(super) elder_href: String,
    pub(super) notice: Option<Markup>,
    pub(super) flash: Option<(Tone, String)>,
    pub(super) status: Option<Markup>,
    pub(super) search: SearchPlace,
    pub(super) search_action: String,
    pub(super) query: String,
    pub(super) popular: Vec<(String, String)>,
    pub(super) has_errors: bool,
    pub(super) wide: bool,
    pub(super) scripts: Vec<String>,
    pub(super) styles: Vec<String>,
    pub(super) body: Markup,
}

impl Page {
    fn new(title: String, audience: Audience) -> Page {
        Page {
            title,
            description: None,
            audience,
            site: Site::default(),
            nav: Vec::new(),
            crumbs: Vec::new(),
            user: None,
            login_href: "/login".to_owned(),
            region: None,
            elder: false,
            elder_href: "/elder".to_owned(),
            notice: None,
            flash: None,
            status: None,
            search: SearchPlace::Header,
            search_action: "/search".to_owned(),
            query: String::new(),
            popular: Vec::new(),
            has_errors: false,
            wide: false,
            scripts: Vec::new(),
            styles: Vec::new(),
            body: Markup::default(),
        }
    }

    /// A page of the public hall.
    pub fn public(title: impl Into<String>) -> Page {
        Page::new(title.into(), Audience::Public)
    }

    /// A page of the workbench.
    pub fn workbench(title: impl Into<String>) -> Page {
        Page::new(title.into(), Audience::Workbench)
    }

    /// A sentence for search engines.
    pub fn description(self, description: impl Into<String>) -> Page {
        Page {
            description: Some(description.into()),
            ..self
        }
    }

    /// The installation.
    pub fn site(self, site: Site) -> Page {
        Page { site, ..self }
    }

    /// Entries of the navigation without a heading.
    pub fn nav(mut self, items: impl IntoIterator<Item = NavItem>) -> Page {
        self.nav.push((None, items.into_iter().collect()));
        self
    }

    /// Entries under a heading (workbench).
    pub fn nav_group(mut self, heading: impl Into<String>, items: impl IntoIterator<Item = NavItem>) -> Page {
        self.nav.push((Some(heading.into()), items.into_iter().collect()));
        self
    }

    /// A page above this one.
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Page {
        self.crumbs.push((label.into(), Some(href.into())));
        self
    }

    /// This page at the end of the breadcrumbs, when its title is not enough.
    pub fn here(mut self, label: impl Into<String>) -> Page {
        self.crumbs.push((label.into(), None));
        self
    }

    /// Who is signed in.
    pub fn user(self, user: Option<UserChip>) -> Page {
        Page { user, ..self }
    }

    /// Where signing in begins (`/login` when not set); may carry the way back.
    pub fn login_href(self, href: impl Into<String>) -> Page {
        Page {
            login_href: href.into(),
            ..self
        }
    }

    /// The place whose services are shown.
    pub fn region(self, region: Option<RegionChip>) -> Page {
        Page { region, ..self }
    }

    /// Elder mode: larger type and targets, fewer things.
    pub fn elder(self, elder: bool) -> Page {
        Page { elder, ..self }
    }

    /// Where elder mode is switched (`/elder` when not set).
    pub fn elder_href(self, href: impl Into<String>) -> Page {
        Page {
            elder_href: href.into(),
            ..self
        }
    }

    /// A message above the content that stays (maintenance, holiday hours).
    pub fn notice(self, notice: Option<Markup>) -> Page {
        Page { notice, ..self }
    }

    /// What the last act did, shown once.
    pub fn flash(self, flash: Option<(Tone, String)>) -> Page {
        Page { flash, ..self }
    }

    /// A short line about the state of the page beside the breadcrumbs: `草稿已保存 16:05`. Changes are read out.
    pub fn page_status(self, status: impl Render) -> Page {
        Page {
            status: Some(status.render()),
            ..self
        }
    }

    /// Where the search box stands.
    pub fn search(self, place: SearchPlace) -> Page {
        Page { search: place, ..self }
    }

    /// Where a search is sent (`/search` when not set).
    pub fn search_action(self, action: impl Into<String>) -> Page {
        Page {
            search_action: action.into(),
            ..self
        }
    }

    /// What was searched for, to show it in the box.
    pub fn query(self, query: impl Into<String>) -> Page {
        Page {
            query: query.into(),
            ..self
        }
    }

    /// Words people search for often, below the large search box: label and address.
    pub fn popular(mut self, label: impl Into<String>, href: impl Into<String>) -> Page {
        self.popular.push((label.into(), href.into()));
        self
    }

    /// The form on the page has errors: the title says so first, for screen readers.
    pub fn has_errors(self, has_errors: bool) -> Page {
        Page { has_errors, ..self }
    }

    /// Uses the whole width (designers, boards).
    pub fn wide(self) -> Page {
        Page { wide: true, ..self }
    }

    /// Another script module of the built front end, for an island: `designer.js`.
    pub fn script(mut self, file: impl Into<String>) -> Page {
        self.scripts.push(file.into());
        self
    }

    /// Another style sheet of the built front end.
    pub fn style(mut self, file: impl Into<String>) -> Page {
        self.styles.push(file.into());
        self
    }

    /// The content, from its `h1` on.
    pub fn body(self, body: Markup) -> Page {
        Page { body, ..self }
    }
}

impl Render for Page {
    fn render(&self) -> Markup {
        self.document()
    }
}
