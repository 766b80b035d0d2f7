use std::ops::Deref;
use std::sync::Arc;

use access::Actor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use platform::Platform;

use crate::app::App;
use crate::components::{self, NavItem, Page, RegionChip, Tone, UserChip};
use crate::context::{Visit, seal_flash};
use crate::failure::Failure;
use crate::routes::Area;
use crate::session::{FLASH_COOKIE, Session, cookie};
use crate::token::FormToken;

/// Who asks, where, on which installation. Every handler takes it first.
#[derive(Clone)]
pub struct Ctx(Arc<Inner>);

struct Inner {
    app: App,
    visit: Visit,
}

impl Ctx {
    pub(crate) fn new(app: App, visit: Visit) -> Self {
        Self(Arc::new(Inner { app, visit }))
    }

    /// The installation.
    pub fn platform(&self) -> &Platform {
        &self.0.app.platform
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.0.visit.actor
    }

    /// The session, if somebody is signed in.
    pub fn session(&self) -> Option<&Session> {
        self.0.visit.session.as_deref()
    }

    /// Path and query of the request.
    pub fn path(&self) -> &str {
        &self.0.visit.path
    }

    /// 12-digit code of the place whose services are shown: chosen by the visitor, or the installation's own.
    pub fn region(&self) -> &str {
        self.0.visit.region.as_deref().unwrap_or(&self.0.app.platform.site.region)
    }

    /// Whether elder mode is on.
    pub fn elder(&self) -> bool {
        self.0.visit.elder
    }

    /// Whether a program asks rather than a person.
    pub fn is_program(&self) -> bool {
        self.0.visit.program
    }

    /// Number of this request, for the help desk.
    pub fn reference(&self) -> &str {
        &self.0.visit.reference
    }

    /// Address of the caller; empty when it is not known. Behind trusted proxies it is the one they name.
    pub fn address(&self) -> String {
        self.0.visit.origin.address.map(|address| address.to_string()).unwrap_or_default()
    }

    /// Whether cookies of this answer are for TLS only: always, or because this request came over it.
    pub fn secure(&self) -> bool {
        self.platform().site.secure_cookies || self.0.visit.origin.https
    }

    /// A fresh form token.
    pub fn token(&self) -> String {
        let platform = &self.0.app.platform;
        FormToken::issue(platform.vault.keys(), &self.0.visit.browser, platform.now()).unwrap_or_default()
    }

    /// Checks a form token that came back.
    ///
    /// # Errors
    /// [`base::Kind::Expired`] when it is forged, foreign or old.
    pub fn check_token(&self, text: &str) -> Result<FormToken> {
        let platform = &self.0.app.platform;
        FormToken::check(platform.vault.keys(), &self.0.visit.browser, text, platform.now())
    }

    /// A form that posts to `action`, with its token.
    pub fn form(&self, action: impl Into<String>) -> components::Form {
        components::Form::post(action, self.token())
    }

    /// A page of the public hall.
    pub fn page(&self, title: impl Into<String>) -> Page {
        self.dress(Page::public(title), false)
    }

    /// A page of the workbench.
    pub fn workbench(&self, title: impl Into<String>) -> Page {
        self.dress(Page::workbench(title), true)
    }

    /// A page in the frame that suits who asks: the workbench for staff, the hall for everybody else.
    pub fn own_page(&self, title: impl Into<String>) -> Page {
        if matches!(self.actor(), Actor::Staff(_)) { self.workbench(title) } else { self.page(title) }
    }

    fn dress(&self, page: Page, workbench: bool) -> Page {
        let site = &self.0.app.platform.site;
        let path = self.0.visit.path.split('?').next().unwrap_or("/");
        let mut page = page
            .site(components::Site {
                name: site.name.clone(),
                // 12345 stands in every footer already
                consult_phone: if site.hotline == "12345" { String::new() } else { site.hotline.clone() },
                demo: site.demonstration,
                version: self.0.app.version.clone(),
                ..components::Site::default()
            })
            .elder(self.0.visit.elder)
            .elder_href(format!("/elder?back={}", encode(&self.0.visit.path)))
            .login_href(format!("/login?next={}", encode(&self.0.visit.path)))
            .flash(self.0.visit.flash.clone().map(|message| (Tone::Good, message)))
            .region(Some(RegionChip { name: self.0.app.region_name(self.region()), change_href: "/places".into() }))
            .user(self.user());
        let mut groups: Vec<(&str, Vec<NavItem>)> = Vec::new();
        let shown = || self.0.app.nav.iter().filter(|e| e.policy.admit(self.actor()).is_ok());
        // The page belongs to the entry with the longest address that leads to it: /work/cases/1 to 全部办件, not to 待办.
        let leads_here = |href: &str| path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')));
        let here = shown().map(|e| e.href).filter(|href| leads_here(href)).max_by_key(|href| href.len());
        for entry in shown() {
            let active = here == Some(entry.href);
            let item = NavItem::new(entry.label, entry.href).icon(entry.icon).active(active);
            let group = match (entry.area, workbench) {
                (Area::Hall, false) => "",
                (Area::Workbench(group), true) => group,
                _ => continue,
            };
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, items)) => items.push(item),
                None => groups.push((group, vec![item])),
            }
        }
        for (name, items) in groups {
            page = if name.is_empty() { page.nav(items) } else { page.nav_group(name, items) };
        }
        page
    }

    fn user(&self) -> Option<UserChip> {
        let (name, role_line, home) = match self.actor() {
            Actor::Party(party) => {
                let role = match (&party.acting, party.kind) {
                    (Some(agent), _) => format!("{agent} 代为办理"),
                    (None, access::PartyKind::Person) => "个人账号".to_owned(),
                    (None, access::PartyKind::Firm) => "法人账号".to_owned(),
                };
                (party.name.clone(), role, "/my")
            }
            Actor::Staff(staff) => (staff.name.clone(), format!("{} {}", staff.body_name, staff.posts.join("、")), "/work"),
            _ => return None,
        };
        Some(UserChip { name, role_line, home_href: home.into(), logout_action: "/logout".into(), csrf_token: self.token() })
    }

    /// Goes to another page and says something there, once.
    pub fn redirect_saying(&self, href: &str, message: &str) -> Response {
        let mut response = redirect(href);
        let value = cookie(FLASH_COOKIE, &seal_flash(&self.0.app, message), Some(60), self.secure());
        response.headers_mut().append(header::SET_COOKIE, value);
        response
    }
}

impl std::fmt::Debug for Ctx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ctx({} {})", self.actor().kind(), self.path())
    }
}

impl Deref for Ctx {
    type Target = Platform;

    fn deref(&self) -> &Platform {
        self.platform()
    }
}

/// Goes to another page of this site (303). Anything but a path of our own leads to the front page.
pub fn redirect(href: &str) -> Response {
    let own = href.starts_with('/') && !href.starts_with("//") && !href.contains('\\');
    let target = if own { href } else { "/" };
    let location = HeaderValue::from_str(target).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Percent-encodes a value for a query.
pub(crate) fn encode(text: &str) -> String {
    serde_urlencoded::to_string([("", text)]).unwrap_or_default().trim_start_matches('=').to_owned()
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Failure(Error::internal("a request without context")))
    }
}
