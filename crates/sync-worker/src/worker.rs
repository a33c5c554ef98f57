//! From the first message to a running register: databases opened, identity read, engine started.
//!
//! What fails on the way is told to the pages and tried again with the next message.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use holdfast_browser_store::{BrowserStoreError, Journal, ScopeDatabase, open_both};
use holdfast_protocol::look_up::LookUpRequest;
use holdfast_sync::Event;
use holdfast_sync::messages::{ToPage, ToWorker};

use crate::activation::activate;
use crate::pages::Pages;
use crate::register::Register;

/// The worker of all pages.
pub(crate) struct Worker {
    pages: Pages,
    phase: RefCell<Phase>,
    /// What was last told of a failure; told once.
    told: RefCell<Option<String>>,
}

enum Phase {
    /// Nothing is open.
    Closed,
    /// The databases are being opened; these wait for it.
    Opening(Vec<oneshot::Sender<()>>),
    /// The databases are open, the register has no identity.
    NotActivated(Databases),
    /// The engine runs.
    Running(Databases, Rc<Register>),
}

/// The register's databases.
#[derive(Clone)]
pub(crate) struct Databases {
    /// What the register has produced.
    pub journal: Journal,
    /// What it keeps of the store server's data.
    pub scopes: ScopeDatabase,
}

impl Worker {
    /// A worker that has opened nothing yet.
    pub fn new(pages: Pages) -> Worker {
        Worker { pages, phase: RefCell::new(Phase::Closed), told: RefCell::new(None) }
    }

    /// Does what a page asks for, until nothing is on its way any more.
    pub async fn take(&self, message: ToWorker) {
        let event = match message {
            ToWorker::Activate { code, device_name } => return self.activate(&code, device_name).await,
            ToWorker::ReadAgain => return self.restart().await,
            ToWorker::Export { at_ms } => return self.export(at_ms as i64).await,
            ToWorker::Wake => Event::Tick,
            ToWorker::JournalGrew => Event::JournalGrew,
            ToWorker::TryNow => Event::TryNow,
            ToWorker::SyncNow => Event::SyncNow,
            ToWorker::SendNow => Event::SendNow,
            ToWorker::TillStarted => Event::TillStarted,
            ToWorker::LookForNewDatabase => Event::LookForNewDatabase,
            ToWorker::LookUp { asked, wanted, text } => {
                Event::LookUp { asked, request: LookUpRequest { wanted, text } }
            }
            ToWorker::GoOffline => Event::GoOffline,
            ToWorker::GoOnline => Event::GoOnline,
            ToWorker::BrowserOnline => Event::BrowserOnline,
        };
        if let Some(register) = self.running().await {
            let is_wake = matches!(event, Event::Tick | Event::TillStarted);
            register.handle(event);
            if is_wake {
                // The page that is open may be a new one.
                register.show_status();
                register.measure_storage();
            }
            register.idle().await;
        }
    }

    /// Sends what waits and may be sent; whether nothing waits any more.
    ///
    /// The browser asks for it right after each sale while it believes in its network, so with a page open it is
    /// no reason to attempt anything early: offline, only the reconnect attempt interval and people are.
    pub async fn send_what_waits(&self, a_page_is_open: bool) -> bool {
        let Some(register) = self.running().await else { return true };
        register.handle(if a_page_is_open { Event::Tick } else { Event::BrowserOnline });
        register.idle().await;
        register.waiting() == 0
    }

    async fn export(&self, at_ms: i64) {
        if let Some(register) = self.running().await {
            register.export(at_ms).await;
        }
    }

    async fn activate(&self, code: &str, device_name: String) {
        let Some(databases) = self.opened().await else { return };
        match activate(&databases.journal, code, device_name).await {
            Ok(()) => {
                self.pages.post(&ToPage::Activated);
                self.restart().await;
            }
            Err(failure) => self.pages.post(&failure.into()),
        }
    }

    /// Starts the engine anew, on what the databases hold now.
    async fn restart(&self) {
        if let Some(databases) = self.opened().await {
            self.end_register();
            self.start(databases).await;
        }
        if let Some(register) = self.running().await {
            register.idle().await;
        }
    }

    /// The running register; none before activation, or where the databases can't be opened.
    async fn running(&self) -> Option<Rc<Register>> {
        let databases = self.opened().await?;
        if let Phase::Running(_, register) = &*self.phase.borrow() {
            return Some(Rc::clone(register));
        }
        // A page may have saved the identity meanwhile.
        self.start(databases).await;
        match &*self.phase.borrow() {
            Phase::Running(_, register) => Some(Rc::clone(register)),
            Phase::Closed | Phase::Opening(_) | Phase::NotActivated(_) => None,
        }
    }

    /// Starts the engine if there is an identity and it does not run yet.
    async fn start(&self, databases: Databases) {
        let identity = match databases.journal.identity().await {
            Ok(Some(identity)) => identity,
            Ok(None) => return,
            Err(error) => return self.tell(&error),
        };
        let mut phase = self.phase.borrow_mut();
        if !matches!(*phase, Phase::Running(..)) {
            let register = Register::start(&identity, databases.clone(), self.pages.clone());
            *phase = Phase::Running(databases, register);
        }
    }

    fn end_register(&self) {
        let mut phase = self.phase.borrow_mut();
        if let Phase::Running(databases, register) = &*phase {
            register.end();
            *phase = Phase::NotActivated(databases.clone());
        }
    }

    /// The databases, opened by whoever comes first.
    async fn opened(&self) -> Option<Databases> {
        loop {
            let opening = match &mut *self.phase.borrow_mut() {
                Phase::NotActivated(databases) | Phase::Running(databases, _) => {
                    return Some(databases.clone());
                }
                Phase::Opening(waiting) => {
                    let (sender, receiver) = oneshot::channel();
                    waiting.push(sender);
                    Some(receiver)
                }
                phase @ Phase::Closed => {
                    *phase = Phase::Opening(Vec::new());
                    None
                }
            };
            match opening {
                // Whether it was opened shows in the next round.
                Some(opening) => {
                    opening.await.ok();
                }
                None => return self.open().await,
            }
        }
    }

    async fn open(&self) -> Option<Databases> {
        let opened = open_databases().await;
        let next = match &opened {
            Ok(databases) => Phase::NotActivated(databases.clone()),
            Err(_) => Phase::Closed,
        };
        // Those who wait look at the phase themselves: the end of their channels wakes them.
        drop(self.phase.replace(next));
        match opened {
            Ok(databases) => {
                self.told.replace(None);
                Some(databases)
            }
            Err(error) => {
                self.tell(&error);
                None
            }
        }
    }

    fn tell(&self, error: &BrowserStoreError) {
        let message = error.to_string();
        if self.told.borrow().as_ref() != Some(&message) {
            self.pages.post(&ToPage::WorkerFailed { message: message.clone() });
            self.told.replace(Some(message));
        }
    }
}

async fn open_databases() -> Result<Databases, BrowserStoreError> {
    let (journal, scopes) = open_both().await?;
    Ok(Databases { journal, scopes })
}
