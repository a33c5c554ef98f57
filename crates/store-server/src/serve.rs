//! Runs the server until it is told to stop.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::TcpListener;

use crate::app::{App, router};
use crate::cli::say;
use crate::clock::Clock;
use crate::connections;
use crate::database::{Database, DatabaseError, Place};
use crate::first_start::{self, FirstStartError};
use crate::housekeeping;
use crate::pages::{self, Pages};
use crate::stop_signals::StopSignals;

/// How long requests may go on after the server was told to stop.
const STOP_WITHIN: Duration = Duration::from_secs(5);

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct Serve {
    /// Where the store database is; made where there is none.
    pub database: Place,
    /// Address and port.
    pub listen: SocketAddr,
    /// Folder of the built pages.
    pub pages: Option<PathBuf>,
    /// Whether a new store database gets the demo shop.
    pub with_demo: bool,
    /// Days for which deleted rows are remembered.
    pub keep_deletions_days: u16,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store database can't be opened.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The data folder can't be made ready.
    #[error(transparent)]
    FirstStart(#[from] FirstStartError),
    /// The address is taken or not this machine's.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The pages can't be read.
    #[error("the pages in {folder} can't be read: {source}")]
    Pages {
        /// Where.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The network failed.
    #[error("serving ended: {0}")]
    Serving(#[from] std::io::Error),
}

/// Serves until SIGTERM or Ctrl-C. Standard output gets what a person or script waits for, and nothing else.
///
/// # Errors
/// [`ServeError`] when it can't start.
pub async fn serve(wishes: Serve) -> Result<(), ServeError> {
    let clock = Clock::system();
    let pages = match &wishes.pages {
        Some(folder) => read_pages(folder)?,
        None => Pages::default(),
    };
    let database = Database::open(&wishes.database).await?;
    if let Some(first) = first_start::make_ready(&database, wishes.with_demo, clock.now_ms()).await? {
        say(&format!("admin password: {}\n", first.admin_password));
        if let Some(pin) = first.manager_pin {
            say(&format!("manager PIN: {pin}\n"));
        }
    }
    let secret = first_start::server_secret(&database).await?;
    let listening = |source| ServeError::Listen { address: wishes.listen, source };
    let listener = TcpListener::bind(wishes.listen).await.map_err(listening)?;
    // From here on somebody may want it to stop.
    let mut stop_signals = StopSignals::listen()?;
    say(&format!("listening on http://{}\n", listener.local_addr().map_err(listening)?));
    let housekeeping = tokio::spawn(housekeeping::keep_house(
        database.clone(),
        clock.clone(),
        Duration::from_hours(24 * u64::from(wishes.keep_deletions_days)),
    ));
    let app = App::new(database.clone(), clock, secret, pages);
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let serving = connections::serve(listener, router(app.clone()), stopped.clone());
    tokio::spawn(async move {
        stop_signals.received().await;
        tracing::info!("stopping");
        stop.send_replace(true);
    });
    tokio::select! {
        () = serving => {}
        () = async {
            // An error would mean that serving has ended, and then this is dropped.
            if stopped.wait_for(|stopped| *stopped).await.is_ok() {
                tokio::time::sleep(STOP_WITHIN).await;
            } else {
                std::future::pending::<()>().await;
            }
        } => tracing::warn!("some requests were cut off"),
    }
    housekeeping.abort();
    if let Err(error) = app.contacts().flush().await {
        tracing::warn!(%error, "the last contacts are lost");
    }
    database.close().await;
    Ok(())
}

fn read_pages(folder: &Path) -> Result<Pages, ServeError> {
    let pages = pages::read_folder(folder)
        .map_err(|source| ServeError::Pages { folder: folder.to_owned(), source })?;
    if pages.is_empty() {
        tracing::warn!(folder = %folder.display(), "there are no pages; `cargo xtask build` makes them");
    }
    Ok(pages)
}
