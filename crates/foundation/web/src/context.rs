//! The outermost layer: finds out who asks, renders failures, sets the headers every answer carries.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use access::Actor;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::{Error, Kind};
use platform::Origin;

use crate::app::App;
use crate::ctx::{Ctx, redirect};
use crate::failure::{Carried, Failure};
use crate::session::{ELDER_COOKIE, FLASH_COOKIE, REGION_COOKIE, SESSION_COOKIE, Session, VISIT_COOKIE, cookie, cookie_value, expired_cookie};

/// What is known about a request before it is handled.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub actor: Actor,
    pub session: Option<Arc<Session>>,
    /// What form tokens are bound to: the session, or the browser of somebody not signed in.
    pub browser: String,
    pub path: String,
    pub elder: bool,
    pub region: Option<String>,
    pub flash: Option<String>,
    pub program: bool,
    pub reference: String,
    /// Where the request came from.
    pub origin: Origin,
}

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    (HeaderName::from_static("permissions-policy"), HeaderValue::from_static("camera=(), microphone=(), geolocation=()")),
];

pub(crate) async fn context(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |p| p.as_str().to_owned());
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned();
    let headers = request.headers().clone();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let origin = origin(&app, peer, &headers);
    let (visit, new_browser) = match visit(&app, &headers, path, origin).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "web: the session could not be looked up");
            return (StatusCode::SERVICE_UNAVAILABLE, "系统繁忙，请稍后再试。").into_response();
        }
    };
    let ctx = Ctx::new(app.clone(), visit.clone());
    let foreign = is_write(&method) && !same_origin(&headers);
    request.extensions_mut().insert(visit.clone());
    request.extensions_mut().insert(ctx.clone());
    let detour = visit.session.as_ref().and_then(|session| session.detour(&visit.path));
    let mut response = if foreign {
        Failure(Error::expired("这个请求来自其他网站，已被拒绝。请在本网站页面上操作。")).into_response()
    } else if let Some(first) = detour {
        if visit.program { Failure(Error::forbidden("请先在工作台完成登录动态码设置。")).into_response() } else { redirect(first) }
    } else {
        next.run(request).await
    };
    if let Some(Carried(error)) = response.extensions_mut().remove::<Carried>() {
        if error.kind() == Kind::Internal {
            tracing::error!(%error, path = %visit.path, reference = %visit.reference, "web: failed");
        }
        let body = crate::failure::render(&ctx, &error);
        let status = response.status();
        response = body;
        if !response.status().is_redirection() {
            *response.status_mut() = status;
        }
    } else if response.status() == StatusCode::NOT_FOUND && response.headers().get(header::CONTENT_TYPE).is_none() {
        response = crate::failure::render(&ctx, &Error::not_found("没有找到这个页面。"));
    } else if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = crate::failure::render(&ctx, &Error::not_found("这个地址不能这样打开。"));
    }
    finish(&app, &visit, new_browser, &mut response);
    metrics::histogram!("tongban_http_seconds", "route" => pattern, "method" => method.to_string(), "status" => response.status().as_u16().to_string())
        .record(started.elapsed().as_secs_f64());
    response
}

fn finish(app: &App, visit: &Visit, new_browser: bool, response: &mut Response) {
    let secure = app.platform.site.secure_cookies || visit.origin.https;
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if new_browser {
        headers.append(header::SET_COOKIE, cookie(VISIT_COOKIE, &visit.browser, None, secure));
    }
    if visit.flash.is_some() && html {
        headers.append(header::SET_COOKIE, expired_cookie(FLASH_COOKIE));
    }
}

/// Where the request came from, as far as the proxies in between are trusted.
fn origin(app: &App, peer: Option<IpAddr>, headers: &HeaderMap) -> Origin {
    let all = |name: &'static str| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = all("x-forwarded-for").flat_map(|list| list.split(',')).collect();
    app.platform.settings().trusted_proxies.origin(peer, hops.into_iter(), all("x-forwarded-proto").next_back())
}

async fn visit(app: &App, headers: &HeaderMap, path: String, origin: Origin) -> base::Result<(Visit, bool)> {
    // Files of the look need nobody's session.
    let bare = path.starts_with("/assets/");
    let session = match cookie_value(headers, SESSION_COOKIE) {
        Some(token) if !bare && token.len() == 64 => app.authenticator.authenticate(token).await?.map(Arc::new),
        _ => None,
    };
    let (browser, new_browser) = match (&session, cookie_value(headers, VISIT_COOKIE)) {
        (Some(session), _) => (session.id.to_string(), false),
        (None, Some(known)) if known.len() == 64 && known.bytes().all(|b| b.is_ascii_hexdigit()) => (known.to_owned(), false),
        (None, _) if bare => (String::new(), false),
        (None, _) => (base::random_token()?, true),
    };
    let wants = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or_default();
    let program = path.starts_with("/api/") || (wants.contains("json") && !wants.contains("text/html"));
    Ok((
        Visit {
            actor: session.as_ref().map_or(Actor::Anonymous, |s| s.actor.clone()),
            session,
            browser,
            elder: cookie_value(headers, ELDER_COOKIE) == Some("1"),
            region: cookie_value(headers, REGION_COOKIE).filter(|c| c.len() == 12 && c.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned),
            flash: cookie_value(headers, FLASH_COOKIE).and_then(|value| open_flash(app, value)),
            path,
            program,
            reference: base::new_id().simple().to_string(),
            origin,
        },
        new_browser,
    ))
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers say where a request comes from; one from elsewhere never writes. Programs without these headers pass here
/// and are stopped by the form token.
fn same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return matches!(site, "same-origin" | "none");
    }
    match (headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()), headers.get(header::HOST).and_then(|v| v.to_str().ok())) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin_host)| origin_host == host),
        _ => true,
    }
}

/// The message shown once travels in a cookie, signed so that nobody can put words in our mouth.
pub(crate) fn seal_flash(app: &App, message: &str) -> String {
    let mac = app.platform.vault.keys().token("flash", message.as_bytes());
    format!("{}.{}", hex::encode(message), hex::encode(mac))
}

fn open_flash(app: &App, value: &str) -> Option<String> {
    let (message, mac) = value.split_once('.')?;
    let (message, mac) = (hex::decode(message).ok()?, hex::decode(mac).ok()?);
    app.platform.vault.keys().verify_token("flash", &message, &mac).then(|| String::from_utf8(message).ok()).flatten()
}
