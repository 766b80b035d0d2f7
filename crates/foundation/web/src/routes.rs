//! Routes with their policies.

use access::{Actor, Permission};
use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use base::{Error, Result};

use crate::app::App;
use crate::components::Icon;
use crate::context::Visit;
use crate::failure::Failure;

/// Whom a route is for. The service behind it checks the exact scope; this is the first door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Anybody.
    Public,
    /// A citizen or firm who is signed in.
    Party,
    /// Any staff member.
    Staff,
    /// Whoever is signed in.
    SignedIn,
    /// Staff with one of these permissions somewhere.
    Permission(&'static [Permission]),
}

impl Policy {
    /// Whether this actor may pass.
    ///
    /// # Errors
    /// The refusal, as a sentence.
    pub fn admit(self, actor: &Actor) -> Result<()> {
        match self {
            Self::Public => Ok(()),
            Self::Party => actor.party().map(|_| ()),
            Self::Staff => actor.staff().map(|_| ()),
            Self::SignedIn if matches!(actor, Actor::Anonymous) => Err(Error::unauthenticated()),
            Self::SignedIn => Ok(()),
            Self::Permission(permissions) => {
                actor.staff()?;
                if permissions.iter().any(|p| actor.has(*p)) {
                    return Ok(());
                }
                let labels: Vec<&str> = permissions.iter().map(|p| p.label).collect();
                Err(Error::forbidden(format!("这个页面需要“{}”的岗位权限。如果工作需要，请向本单位管理员申请。", labels.join("”或“"))))
            }
        }
    }
}

/// A route as declared, for the test that reads them all and for the operator's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteInfo {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path pattern.
    pub path: &'static str,
    /// Whom it is for.
    pub policy: Policy,
}

/// Routes of a system.
#[derive(Default)]
pub struct Routes {
    pub(crate) router: Router<App>,
    /// What was declared.
    pub list: Vec<RouteInfo>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page.
    pub fn get<H, T>(self, path: &'static str, policy: Policy, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("GET", path, policy, get(handler))
    }

    /// A form's target.
    pub fn post<H, T>(self, path: &'static str, policy: Policy, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("POST", path, policy, post(handler))
    }

    fn add(mut self, method: &'static str, path: &'static str, policy: Policy, handler: MethodRouter<App>) -> Self {
        let guarded = handler.layer(from_fn(move |request: Request, next: Next| guard(policy, request, next)));
        self.router = self.router.route(path, guarded);
        self.list.push(RouteInfo { method, path, policy });
        self
    }

    /// Both sets together.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.list.extend(other.list);
        self
    }
}

async fn guard(policy: Policy, request: Request, next: Next) -> Response {
    let admitted = match request.extensions().get::<Visit>() {
        Some(visit) => policy.admit(&visit.actor),
        None => Err(Error::internal("a route without context")),
    };
    match admitted {
        Ok(()) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}

/// Which navigation an entry stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// The public hall.
    Hall,
    /// The workbench, under this heading.
    Workbench(&'static str),
}

/// An entry of the navigation; shown to whoever its policy admits.
#[derive(Debug, Clone, Copy)]
pub struct NavEntry {
    /// Where it stands.
    pub area: Area,
    /// What it is called.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Its sign.
    pub icon: Icon,
    /// Who sees it.
    pub policy: Policy,
}
