use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind};
use serde::Serialize;

use crate::components::{Button, Icon, error_pages, error_summary};
use crate::ctx::{Ctx, encode, redirect};
use maud::{Markup, html};

/// An error on its way to becoming a page.
#[derive(Debug)]
pub struct Failure(pub Error);

/// What a handler gives back.
pub type PageResult<T = Markup> = std::result::Result<T, Failure>;

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// What an error says about a field of the form it is shown with.
pub fn said<'a>(error: Option<&'a Error>, field: &str) -> Option<&'a str> {
    error?.fields().iter().find(|f| f.field == field).map(|f| f.message.as_str())
}

/// Lines for the summary at the top of a form that is shown again: wrong fields, or the refusal itself.
pub fn summary(error: Option<&Error>) -> Vec<(&str, &str)> {
    match error {
        None => Vec::new(),
        Some(error) if error.fields().is_empty() => vec![("", error.message())],
        Some(error) => error.fields().iter().map(|f| (f.field.as_str(), f.message.as_str())).collect(),
    }
}

/// Whether a form can be shown again with the error on it; other errors have pages of their own.
pub fn mendable(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::Refused | Kind::Conflict)
}

/// Carries the error through the layers to the one that can render it.
#[derive(Clone)]
pub(crate) struct Carried(pub std::sync::Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.0.kind()).into_response();
        response.extensions_mut().insert(Carried(std::sync::Arc::new(self.0)));
        response
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid | Kind::Refused => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden | Kind::Expired => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// RFC 9457 problem details.
#[derive(Debug, Serialize)]
pub struct Problem<'a> {
    /// `urn:tongban:<code>`
    pub r#type: String,
    /// The sentence for people.
    pub title: &'a str,
    /// HTTP status.
    pub status: u16,
    /// Stable machine code.
    pub code: &'a str,
    /// Wrong fields, if any.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    pub errors: &'a [FieldError],
    /// Number of the request, for the help desk.
    pub reference: &'a str,
}

pub(crate) fn render(ctx: &Ctx, error: &Error) -> Response {
    let status = status(error.kind());
    if ctx.is_program() {
        let problem = Problem {
            r#type: format!("urn:tongban:{}", error.code()),
            title: error.message(),
            status: status.as_u16(),
            code: error.code(),
            errors: error.fields(),
            reference: ctx.reference(),
        };
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        return response;
    }
    if error.kind() == Kind::Unauthenticated {
        return redirect(&format!("/login?next={}", encode(ctx.path())));
    }
    let back = ctx.path();
    let (title, body) = match error.kind() {
        Kind::NotFound => ("没有找到", say(Icon::Search, "没有找到", error.message(), back)),
        Kind::Forbidden => ("没有权限", say(Icon::Lock, "您没有权限", error.message(), back)),
        Kind::Conflict => ("情况有变化", say(Icon::RefreshCw, "情况有变化", error.message(), back)),
        Kind::Expired => ("表单已失效", say(Icon::Clock, "表单已失效", error.message(), back)),
        Kind::TooLarge => ("内容太大", error_pages::too_large("20 MB", back)),
        Kind::TooMany => ("请稍后再试", say(Icon::Clock, "请稍后再试", error.message(), back)),
        Kind::Internal => ("系统繁忙", error_pages::server_error(ctx.reference())),
        _ => (
            "没有办成",
            html! {
                (error_summary(error.fields().iter().map(|f| ("", f.message.as_str()))))
                (say(Icon::TriangleAlert, "这一步没有办成", error.message(), back))
            },
        ),
    };
    (status, ctx.own_page(title).body(body).document()).into_response()
}

fn say(icon: Icon, title: &str, text: &str, back: &str) -> Markup {
    let back = back.split('?').next().unwrap_or("/");
    html! {
        div class="message" {
            div class="message__sign" { (icon) }
            h1 class="message__title" { (title) }
            p class="message__text" { (text) }
            div class="button-row" {
                (Button::secondary("返回刚才的页面").href(back))
                (Button::secondary("回到首页").href("/").icon(Icon::House))
            }
        }
    }
}
