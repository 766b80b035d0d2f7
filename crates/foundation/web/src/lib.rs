//! Pages and endpoints: the shell and its accessible components, sessions, form tokens, uploads, errors.
//!
//! A system lists its [`Routes`]; every route says whom it is for ([`Policy`]), and a test of the whole program proves
//! that none forgot. A handler is thin: it takes [`Ctx`] (who asks, where, on which installation) and a checked
//! [`Form`] or [`Upload`], calls a service, and gives back a page or a [`Failure`], which becomes a page that says what
//! to do or, for programs, `application/problem+json`.

pub mod components;

mod app;
mod assets;
mod brake;
mod context;
mod ctx;
mod failure;
mod form;
mod routes;
mod session;
mod token;
mod upload;

pub use app::{App, router};
pub use assets::asset;
pub use brake::Brake;
pub use ctx::{Ctx, redirect};
pub use failure::{Failure, PageResult, Problem, mendable, said, summary};
pub use form::{Form, FormData};
pub use routes::{Area, NavEntry, Policy, RouteInfo, Routes};
pub use session::{Authenticator, ELDER_COOKIE, REGION_COOKIE, SESSION_COOKIE, Session, cookie, expired_cookie};
pub use token::FormToken;
pub use upload::{Upload, UploadedFile};

pub use maud::{Markup, PreEscaped, html};
