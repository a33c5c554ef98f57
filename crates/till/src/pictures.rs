//! Pictures on the tiles: those that are kept on this register. Read when they are shown; the service worker fetches
//! and drops them. Nothing here is ever in a sale's way.

use std::collections::{HashMap, HashSet};

use holdfast_browser_store::PictureDatabase;
use holdfast_sync::pictures::to_the_hour;
use holdfast_ui::time::now_ms;
use leptos::logging::warn;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Url;

use crate::till::Till;

/// Pictures in memory beyond those that are shown; older ones are read again.
const SPARE_MAX: usize = 160;

/// SHA-256 of a picture.
type Hash = [u8; 32];

/// The pictures of this page.
#[derive(Debug, Clone, Copy)]
pub struct Pictures {
    /// Those that are kept, by sku.
    kept: RwSignal<HashMap<String, Hash>>,
    /// Those that are in memory, by sku, with their addresses.
    read: RwSignal<HashMap<String, (Hash, String)>>,
    /// The products that are shown now.
    shown: StoredValue<Vec<String>>,
    /// Products that were noted as shown, and in which hour.
    noted: StoredValue<(i64, HashSet<String>)>,
    database: StoredValue<Option<PictureDatabase>, LocalStorage>,
}

impl Pictures {
    /// None.
    pub fn new() -> Pictures {
        Pictures {
            kept: RwSignal::new(HashMap::new()),
            read: RwSignal::new(HashMap::new()),
            shown: StoredValue::new(Vec::new()),
            noted: StoredValue::new((0, HashSet::new())),
            database: StoredValue::new_local(None),
        }
    }

    /// Whether any is kept: tiles then have room for them.
    pub fn are_kept(&self) -> bool {
        self.kept.with(|kept| !kept.is_empty())
    }

    /// Whether one of this product is kept.
    pub fn is_kept(&self, sku: &str) -> bool {
        self.kept.with(|kept| kept.contains_key(sku))
    }

    /// The address of a product's picture, once it was read.
    pub fn address(&self, sku: &str) -> Option<String> {
        self.read.with(|read| read.get(sku).map(|(_, address)| address.clone()))
    }
}

impl Default for Pictures {
    fn default() -> Self {
        Pictures::new()
    }
}

/// Reads which pictures are kept, beside everything else: at the start, and whenever they are others. Where there is no
/// picture database this makes none: the worker does so with the first picture, and says it.
pub fn read(till: Till) {
    spawn_local(async move {
        if till.pictures.database.with_value(Option::is_none) {
            match PictureDatabase::open_if_any().await {
                Ok(database) => till.pictures.database.set_value(database),
                Err(error) => warn!("no pictures: {error}"),
            }
        }
        read_kept(till).await;
    });
}

async fn read_kept(till: Till) {
    let Some(database) = till.pictures.database.get_value() else { return };
    match database.kept().await {
        Ok(kept) => {
            let kept: HashMap<String, Hash> = kept.into_iter().map(|one| (one.sku, one.hash)).collect();
            forget(till, |sku, hash| kept.get(sku) != Some(hash));
            till.pictures.kept.set(kept);
            read_shown(till);
        }
        Err(error) => warn!("the pictures can't be read: {error}"),
    }
}

/// These products are shown now.
pub fn show(till: Till, skus: Vec<String>) {
    till.pictures.shown.set_value(skus);
    read_shown(till);
    note_shown(till);
}

fn read_shown(till: Till) {
    let Pictures { kept, read, shown, database, .. } = till.pictures;
    let Some(database) = database.get_value() else { return };
    let wanted: Vec<String> = shown.with_value(|shown| {
        let is_wanted = |sku: &&String| {
            kept.with_untracked(|kept| kept.contains_key(*sku))
                && read.with_untracked(|read| !read.contains_key(*sku))
        };
        shown.iter().filter(is_wanted).cloned().collect()
    });
    if wanted.is_empty() {
        return;
    }
    spawn_local(async move {
        let pictures = match database.pictures(&wanted).await {
            Ok(pictures) => pictures,
            Err(error) => return warn!("the pictures can't be read: {error}"),
        };
        make_room(till);
        read.update(|read| {
            for (sku, blob) in pictures {
                let Some(hash) = kept.with_untracked(|kept| kept.get(&sku).copied()) else { continue };
                // Another reading may have been quicker.
                if read.contains_key(&sku) {
                    continue;
                }
                if let Ok(address) = Url::create_object_url_with_blob(&blob) {
                    read.insert(sku, (hash, address));
                }
            }
        });
    });
}

/// Lets go of pictures that are not shown, where there are many.
fn make_room(till: Till) {
    if till.pictures.read.with_untracked(HashMap::len) > SPARE_MAX {
        let shown: HashSet<String> = till.pictures.shown.with_value(|shown| shown.iter().cloned().collect());
        forget(till, |sku, _| !shown.contains(sku));
    }
}

fn forget(till: Till, is_gone: impl Fn(&str, &Hash) -> bool) {
    let read = till.pictures.read;
    if read.with_untracked(|read| read.iter().any(|(sku, (hash, _))| is_gone(sku, hash))) {
        read.update(|read| {
            read.retain(|sku, (hash, address)| {
                let goes = is_gone(sku, hash);
                if goes && Url::revoke_object_url(address).is_err() {
                    warn!("a picture stays in memory");
                }
                !goes
            });
        });
    }
}

/// Notes what is shown, each product once an hour: the worker drops the pictures of others first.
fn note_shown(till: Till) {
    let Pictures { kept, shown, noted, database, .. } = till.pictures;
    let Some(database) = database.get_value() else { return };
    if kept.with_untracked(HashMap::is_empty) {
        return;
    }
    let at_ms = now_ms();
    let hour_ms = to_the_hour(at_ms);
    let mut fresh = Vec::new();
    noted.update_value(|(hour, skus)| {
        if *hour != hour_ms {
            *hour = hour_ms;
            skus.clear();
        }
        fresh = shown
            .with_value(|shown| shown.iter().filter(|sku| skus.insert((*sku).clone())).cloned().collect());
    });
    if !fresh.is_empty() {
        spawn_local(async move {
            if let Err(error) = database.shown(&fresh, at_ms).await {
                warn!("what was shown was not noted: {error}");
            }
        });
    }
}

/// Notes what was sold.
pub fn sold(till: Till, skus: Vec<String>) {
    let Some(database) = till.pictures.database.get_value() else { return };
    if till.pictures.kept.with_untracked(HashMap::is_empty) {
        return;
    }
    spawn_local(async move {
        if let Err(error) = database.sold(&skus, now_ms()).await {
            warn!("what was sold was not noted: {error}");
        }
    });
}

/// The disk is full and a sale needs it: all pictures go.
pub fn give_way(till: Till) {
    let Some(database) = till.pictures.database.get_value() else { return };
    spawn_local(async move {
        match database.clear().await {
            Ok(_) => read_kept(till).await,
            Err(error) => warn!("the pictures stay: {error}"),
        }
    });
}
