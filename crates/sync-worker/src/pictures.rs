//! Pictures of products: fetched when nothing else is to do, kept within the profile's cap, dropped with the setting.
//!
//! What is fetched and dropped is decided by [`holdfast_sync::pictures`], when by the engine; the rest is carrying out.
//! All of it is in the picture database, so a killed worker goes on where it was.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use futures_util::future::join_all;
use holdfast_browser_store::{BrowserStoreError, PictureDatabase, ScopeDatabase, storage};
use holdfast_profile::{ImageFolder, TableId};
use holdfast_protocol::borrowed_rows::BorrowedProduct;
use holdfast_protocol::{decode, page};
use holdfast_sync::messages::ToPage;
use holdfast_sync::pictures::{Offered, plan, to_the_hour};
use holdfast_sync::{CallError, Engine};

use crate::http::Http;
use crate::pages::Pages;
use crate::register::now_ms;

/// Pictures that are on their way at once: what others may wait for is small.
const AT_ONCE: usize = 4;
/// Pictures after which the pages are told: a shelf's worth.
const TOLD_EACH: usize = 12;
/// How long a failure waits for the next try, milliseconds.
const AGAIN_AFTER_MS: i64 = 60_000;

/// What was wanted: the same needs to be done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    folder: ImageFolder,
    head: u64,
    /// How often the products have changed.
    products: u64,
    /// What is sold and shown counts by the hour.
    hour_ms: i64,
}

/// Keeps the pictures of a register.
#[derive(Default)]
pub(crate) struct PictureKeeper {
    database: RefCell<Option<PictureDatabase>>,
    is_at_work: Cell<bool>,
    done: Cell<Option<Wish>>,
    not_before_ms: Cell<i64>,
    /// What the profile last said.
    folder: Cell<Option<ImageFolder>>,
    /// When it was last planned what to keep, ms since 1970.
    planned_at_ms: Cell<i64>,
    products: Cell<u64>,
}

/// How it ended.
enum End {
    /// All that was wanted is done, or can't be.
    Done,
    /// Something else is more important now.
    Interrupted,
}

/// Why it can't go on.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// No picture, or no answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The picture database.
    #[error(transparent)]
    Pictures(#[from] BrowserStoreError),
    /// The offline database.
    #[error(transparent)]
    Products(BrowserStoreError),
    /// The products are not here, so which pictures to keep is not known.
    #[error("the products are not here")]
    NoProducts,
    /// The store server says what can't be.
    #[error("the store server tells the same pictures again and again")]
    GoesInCircles,
}

impl PictureKeeper {
    /// The products have changed.
    pub fn products_changed(&self) {
        self.products.set(self.products.get() + 1);
    }

    /// What is to be done now; none where nothing is, or where this is not the moment.
    pub fn due(&self, engine: &Engine) -> Option<Wish> {
        let folder = engine.image_folder()?;
        if self.folder.replace(Some(folder)) != Some(folder) {
            // What failed before was something else.
            self.not_before_ms.set(0);
        }
        let (head, hour_ms) = match folder {
            ImageFolder::Off => (0, 0),
            ImageFolder::On { .. } if engine.may_fetch_pictures() => {
                (engine.pictures_head()?, to_the_hour(now_ms()))
            }
            ImageFolder::On { .. } => return None,
        };
        let products = if folder == ImageFolder::Off { 0 } else { self.products.get() };
        let wish = Wish { folder, head, products, hour_ms };
        let is_due = !self.is_at_work.get()
            && self.done.get() != Some(wish)
            && !self.waits()
            && !self.is_settling(wish);
        is_due.then(|| {
            self.is_at_work.set(true);
            // What is begun and not ended undoes what was done before.
            self.done.set(None);
            wish
        })
    }

    /// Whether it is too soon after a failure; a clock that was set back does not stop it for long.
    fn waits(&self) -> bool {
        (0..AGAIN_AFTER_MS).contains(&(self.not_before_ms.get() - now_ms()))
    }

    /// Whether only products have changed since the last plan, and that was a short while ago: they may go on changing.
    fn is_settling(&self, wish: Wish) -> bool {
        let is_alike = self.done.get().is_some_and(|done| Wish { products: wish.products, ..done } == wish);
        is_alike && (0..AGAIN_AFTER_MS).contains(&(now_ms() - self.planned_at_ms.get()))
    }

    /// Does what is wanted, for as long as `may_go_on` says so.
    pub async fn work(
        &self,
        wish: Wish,
        http: &Http,
        scopes: &ScopeDatabase,
        pages: &Pages,
        may_go_on: impl Fn() -> bool,
    ) {
        let ended = match wish.folder {
            ImageFolder::Off => self.remove_all(pages).await,
            ImageFolder::On { .. } => {
                self.keep(wish.head, wish.folder.bytes_max(), http, scopes, pages, may_go_on).await
            }
        };
        match ended {
            Ok(End::Done) => self.done.set(Some(wish)),
            Ok(End::Interrupted) => {}
            Err(trouble) => {
                // Only what the engine can fetch anew.
                if let Trouble::Products(
                    BrowserStoreError::Damaged { .. } | BrowserStoreError::DamagedPage { .. },
                ) = &trouble
                {
                    pages.post(&ToPage::FoundDamage);
                }
                self.not_before_ms.set(now_ms() + AGAIN_AFTER_MS);
                web_sys::console::warn_1(&format!("no pictures for now: {trouble}").into());
            }
        }
        self.is_at_work.set(false);
    }

    async fn remove_all(&self, pages: &Pages) -> Result<End, Trouble> {
        let opened = self.database.borrow().clone();
        let database = match opened {
            Some(database) => Some(database),
            None => PictureDatabase::open_if_any().await?,
        };
        let Some(database) = database else { return Ok(End::Done) };
        if database.clear().await? {
            pages.post(&ToPage::PicturesChanged);
        }
        Ok(End::Done)
    }

    async fn keep(
        &self,
        head: u64,
        cap_bytes: u64,
        http: &Http,
        scopes: &ScopeDatabase,
        pages: &Pages,
        may_go_on: impl Fn() -> bool,
    ) -> Result<End, Trouble> {
        let database = self.database().await?;
        let mut since = database.version().await?;
        while since != head {
            let reply = http.pictures(since).await?;
            database.take_changes(&reply).await?;
            if !reply.more {
                break;
            }
            if reply.up_to <= reply.since {
                return Err(Trouble::GoesInCircles);
            }
            since = reply.up_to;
            if !may_go_on() {
                return Ok(End::Interrupted);
            }
        }
        self.planned_at_ms.set(now_ms());
        let (offered, media_types) = of_products(scopes, database.offered().await?).await?;
        let plan = plan(&offered, &database.kept().await?, &database.uses().await?, cap_bytes);
        if !plan.drop.is_empty() {
            database.drop_pictures(&plan.drop).await?;
            pages.post(&ToPage::PicturesChanged);
        }
        let mut untold = 0;
        for some in plan.fetch.chunks(AT_ONCE) {
            if !may_go_on() || is_storage_short().await {
                break;
            }
            let fetched = fetch(some, &media_types, http).await?;
            match database.put(&fetched).await {
                // A full disk has no room for pictures, and whatever else is written comes first.
                Err(BrowserStoreError::Full) => break,
                put => put?,
            }
            untold += fetched.len();
            if untold >= TOLD_EACH {
                untold = 0;
                pages.post(&ToPage::PicturesChanged);
            }
        }
        if untold > 0 {
            pages.post(&ToPage::PicturesChanged);
        }
        Ok(if may_go_on() { End::Done } else { End::Interrupted })
    }

    async fn database(&self) -> Result<PictureDatabase, BrowserStoreError> {
        if let Some(database) = &*self.database.borrow() {
            return Ok(database.clone());
        }
        let opened = PictureDatabase::open().await?;
        Ok(self.database.borrow_mut().insert(opened).clone())
    }
}

/// Some pictures, those that the store server still has.
async fn fetch(
    some: &[Offered],
    media_types: &BTreeMap<String, String>,
    http: &Http,
) -> Result<Vec<(Offered, String, Vec<u8>)>, CallError> {
    let answers = join_all(some.iter().map(|picture| http.picture(&picture.hash))).await;
    let mut fetched = Vec::with_capacity(some.len());
    for (picture, answer) in some.iter().zip(answers) {
        match answer {
            // What is served as a picture is one when it is what was asked for.
            Ok(bytes) if page::address(&bytes) == picture.hash => {
                let media_type = media_types.get(&picture.sku).cloned().unwrap_or_default();
                fetched.push((picture.clone(), media_type, bytes));
            }
            Ok(_) => return Err(CallError::NoAnswer("the picture is another one".into())),
            // Replaced since it was told; the next contact tells by what.
            Err(CallError::Refused(_)) => {}
            Err(error @ (CallError::NoAnswer(_) | CallError::Busy { .. })) => return Err(error),
        }
    }
    Ok(fetched)
}

/// Those pictures whose products are kept here, with the products' ranks; and the media types. None where the profile
/// leaves this register no products.
async fn of_products(
    scopes: &ScopeDatabase,
    offered: Vec<(Offered, String)>,
) -> Result<(Vec<Offered>, BTreeMap<String, String>), Trouble> {
    let mut media_types = BTreeMap::new();
    let mut waiting = BTreeMap::new();
    for (picture, media_type) in offered {
        media_types.insert(picture.sku.clone(), media_type);
        waiting.insert(picture.sku.clone(), picture);
    }
    let mut found = Vec::new();
    if waiting.is_empty() || !keeps_products(scopes).await? {
        return Ok((found, media_types));
    }
    scopes
        .read_rows(TableId::Product, async |part| {
            for row in part {
                if let Some(mut picture) = waiting.remove(row.key) {
                    let product = row.body.and_then(|body| decode::<BorrowedProduct<'_>>(body).ok());
                    picture.rank = product.map_or(0, |product| product.rank);
                    found.push(picture);
                }
            }
        })
        .await
        .map_err(Trouble::Products)?;
    Ok((found, media_types))
}

/// Whether the profile has a table of products. It is to be here then: of a table that is not, no row could be read
/// either, and all pictures would go.
async fn keeps_products(scopes: &ScopeDatabase) -> Result<bool, Trouble> {
    let (_, profile) = scopes.profile().await.map_err(Trouble::Products)?.ok_or(Trouble::NoProducts)?;
    if profile.entry(TableId::Product).is_none() {
        return Ok(false);
    }
    let tables = scopes.tables().await.map_err(Trouble::Products)?;
    if tables.contains_key(&TableId::Product) { Ok(true) } else { Err(Trouble::NoProducts) }
}

/// Whether so much of what the browser allows is used that the rest is for sales and the catalogue.
async fn is_storage_short() -> bool {
    storage::estimate().await.is_some_and(|(used, allowed)| used > allowed / 5 * 4)
}
