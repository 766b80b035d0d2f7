//! The server: pages, health, metrics, jobs, duties, graceful end.

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::{Error, Result};
use futures::FutureExt;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use platform::Platform;
use sea_orm::{ConnectionTrait, Statement};
use system::Duty;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::compose::Program;

/// Requests in hand get this long to finish once the program is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// When an address cannot be listened on.
pub async fn serve(program: Program, listen: &str, metrics_listen: &str) -> Result<()> {
    let listener = bind("listen", listen).await?;
    let for_metrics = if metrics_listen.is_empty() { None } else { Some(bind("metrics_listen", metrics_listen).await?) };
    let metrics = PrometheusBuilder::new().install_recorder().map_err(|e| Error::internal(format!("metrics: {e}")))?;
    let (stop, stopped) = watch::channel(false);
    let runner = program.runner.clone();
    let jobs = tokio::spawn({
        let stopped = stopped.clone();
        async move { runner.run(stopped).await }
    });
    let duties: Vec<_> = program.duties.iter().map(|duty| tokio::spawn(keep(duty.clone(), program.platform.clone(), stopped.clone()))).collect();
    let upkeep = tokio::spawn(keep_up(metrics.clone()));
    let measured = for_metrics.map(|listener| tokio::spawn(axum::serve(listener, metrics_router(metrics)).into_future()));
    let router = router(program.router, program.platform.clone());
    let mut ending = stopped.clone();
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            let _ = ending.wait_for(|stop| *stop).await;
        })
        .into_future();
    tokio::pin!(server);
    tokio::select! {
        result = &mut server => result?,
        () = signal() => {
            tracing::info!("stopping: no new requests, finishing those in hand");
            let _ = stop.send(true);
            if tokio::time::timeout(GRACE, &mut server).await.is_err() {
                tracing::warn!("some requests did not finish in time");
            }
        }
    }
    let _ = stop.send(true);
    let _ = tokio::time::timeout(GRACE, jobs).await;
    upkeep.abort();
    if let Some(measured) = measured {
        measured.abort();
    }
    for duty in duties {
        duty.abort();
    }
    tracing::info!("stopped");
    Ok(())
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} },
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

async fn bind(key: &str, address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|e| Error::internal(format!("cannot listen on {address} ({key}): {e}")))
}

/// What is served to everybody: health for load balancers, outside the pages' layers on purpose, and behind it the pages.
/// Not merged: a merge would answer unknown addresses with an empty 404 instead of the pages' own.
pub fn router(pages: Router, platform: Platform) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .with_state(platform)
        .fallback_service(pages)
}

/// Metrics for Prometheus. They tell what a city does all day, so they have an address of their own that no proxy passes on.
pub fn metrics_router(metrics: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(move || async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()) }))
}

/// Sums up what was measured: without it every request would stay in memory until somebody asks for the metrics.
async fn keep_up(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        metrics.run_upkeep();
    }
}

async fn ready(State(platform): State<Platform>) -> Response {
    match platform.db.ping().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}

/// Runs a duty at its interval. Copies of the program agree through a lease row who does it this time.
async fn keep(duty: Duty, platform: Platform, mut stopped: watch::Receiver<bool>) {
    let every = Duration::from_secs(duty.every_seconds.max(1));
    while !*stopped.borrow() {
        match lease(&platform, &duty).await {
            Ok(true) => {
                // A panic ends this run of the duty, not the duty.
                match AssertUnwindSafe((duty.run)(platform.clone())).catch_unwind().await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::error!(duty = duty.name, %error, "a duty failed; it is tried again next time"),
                    Err(_) => tracing::error!(duty = duty.name, "a duty panicked; it is tried again next time"),
                }
            }
            Ok(false) => {}
            Err(error) => tracing::error!(duty = duty.name, %error, "the duty's lease cannot be had"),
        }
        tokio::select! {
            () = tokio::time::sleep(every.min(Duration::from_secs(60))) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn lease(platform: &Platform, duty: &Duty) -> Result<bool> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let until = now + chrono::Duration::seconds(i64::try_from(duty.every_seconds).unwrap_or(3600));
    let mine = tx
        .execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            "INSERT INTO duty (name, next_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET next_at = $2 WHERE duty.next_at <= $3",
            [duty.name.into(), until.into(), now.into()],
        ))
        .await?;
    tx.commit().await?;
    Ok(mine.rows_affected() == 1)
}

/// Logging as configured.
pub fn logging(filter: &str, json: bool) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_writer(std::io::stderr);
    // A second call, as in tests, keeps the first.
    let _ = if json { builder.json().try_init() } else { builder.try_init() };
}

