//! What outlives a page: what the store server said last, and what was typed and not yet sent.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::api::{
    Api, Audit, CategoryCount, Conflict, Export, LibraryScope, ProfileList, Register, RegisterScopes,
    Rejected, RejectedDetail, Rollout, SaleDetail, Shift, Store, VersionSummary,
};
use crate::import::ImportState;
use crate::live::Live;
use crate::profiles::{ChangesState, DeleteState, Editor, FileState, NewProfileState, RolledBack};
use crate::registers::{LockState, NewCode, RegisterDraft};
use crate::sales::SalesState;

/// The app's root state; all of it is copied by handle.
#[derive(Clone, Copy)]
pub struct AppState {
    /// The way to the store server.
    pub api: Api,
    /// The store.
    pub store: Live<Store>,
    /// All registers.
    pub registers: Live<Vec<Register>>,
    /// The exports of the register that is looked at.
    pub exports: Live<Vec<Export>>,
    /// Its last shifts,
    pub shifts: Live<Vec<Shift>>,
    /// and what it keeps.
    pub register_scopes: Live<RegisterScopes>,
    /// Their sales, counted anew.
    pub audit: Live<Vec<Audit>>,
    /// All profiles.
    pub profiles: Live<ProfileList>,
    /// The scopes of the store.
    pub scopes: Live<Vec<LibraryScope>>,
    /// The categories of the catalogue.
    pub categories: Live<Vec<CategoryCount>>,
    /// The profile that is edited.
    pub editor: Editor,
    /// The published versions of the profile that is looked at.
    pub versions: Live<Vec<VersionSummary>>,
    /// What was brought back just now.
    pub rolled_back: RwSignal<Option<RolledBack>>,
    /// The rollout that is looked at.
    pub rollout: Live<Rollout>,
    /// The profile that is being added.
    pub new_profile: NewProfileState,
    /// The profile that is about to be deleted.
    pub delete: DeleteState,
    /// The profile's file that is being taken in.
    pub profile_file: FileState,
    /// Who changed what.
    pub changes: ChangesState,
    /// What was not applied.
    pub rejected: Live<Vec<Rejected>>,
    /// What was changed on both sides.
    pub conflicts: Live<Vec<Conflict>>,
    /// The rejected entry that is looked at.
    pub rejected_entry: Live<RejectedDetail>,
    /// The list of sales.
    pub sales: SalesState,
    /// The sale that is looked at.
    pub sale: Live<SaleDetail>,
    /// The activation code that was made last.
    pub new_code: NewCode,
    /// The register that is about to be locked.
    pub lock: LockState,
    /// The register that is being added.
    pub draft: RegisterDraft,
    /// The file that is being taken in.
    pub import: ImportState,
    /// The heading of the page that is shown.
    pub page_title: RwSignal<String>,
    /// Now, by the store server's clock; set every few seconds.
    pub now_ms: RwSignal<i64>,
    /// How far each page was scrolled.
    scrolled: StoredValue<BTreeMap<String, i32>>,
}

impl AppState {
    /// Made once, by the app's root.
    pub fn new() -> AppState {
        let api = Api::new();
        let scopes = Live::new();
        AppState {
            api,
            store: Live::new(),
            registers: Live::new(),
            exports: Live::new(),
            shifts: Live::new(),
            register_scopes: Live::new(),
            audit: Live::new(),
            profiles: Live::new(),
            scopes,
            categories: Live::new(),
            editor: Editor::new(api, scopes),
            versions: Live::new(),
            rolled_back: RwSignal::new(None),
            rollout: Live::new(),
            new_profile: NewProfileState::new(),
            delete: DeleteState::new(),
            profile_file: FileState::new(),
            changes: ChangesState::new(),
            rejected: Live::new(),
            conflicts: Live::new(),
            rejected_entry: Live::new(),
            sales: SalesState::new(),
            sale: Live::new(),
            new_code: NewCode::new(),
            lock: LockState::new(),
            draft: RegisterDraft::new(),
            import: ImportState::new(),
            page_title: RwSignal::new(String::new()),
            now_ms: RwSignal::new(holdfast_ui::time::now_ms()),
            scrolled: StoredValue::new(BTreeMap::new()),
        }
    }

    /// Forgets everything of the store, for whoever signs in next.
    pub fn forget(self) {
        self.store.clear();
        self.registers.clear();
        self.exports.clear();
        self.shifts.clear();
        self.register_scopes.clear();
        self.audit.clear();
        self.profiles.clear();
        self.scopes.clear();
        self.categories.clear();
        self.editor.close();
        self.versions.clear();
        self.rolled_back.set(None);
        self.rollout.clear();
        self.new_profile.clear();
        self.delete.clear();
        self.profile_file.clear();
        self.profile_file.renames.set(None);
        self.changes.clear();
        self.rejected.clear();
        self.conflicts.clear();
        self.rejected_entry.clear();
        self.sales.clear();
        self.sale.clear();
        self.new_code.clear();
        self.lock.clear();
        self.draft.clear();
        self.import.clear();
    }

    /// How far a page was scrolled when it was left.
    pub fn scroll_of(self, path: &str) -> i32 {
        self.scrolled.with_value(|scrolled| scrolled.get(path).copied().unwrap_or(0))
    }

    /// Remembers how far a page is scrolled.
    pub fn keep_scroll(self, path: &str, to: i32) {
        self.scrolled.update_value(|scrolled| {
            scrolled.insert(path.to_owned(), to);
        });
    }

    /// How many rejected entries wait for a decision.
    pub fn rejected_open_count(self) -> u64 {
        let open = |all: &Vec<Rejected>| all.iter().filter(|one| !one.is_set_aside).count() as u64;
        self.rejected.with(|all| all.map_or(0, open))
    }

    /// A register's name, or its number while its name is not known.
    pub fn register_name(self, number: u16) -> String {
        let found = self.registers.with(|registers| {
            registers.and_then(|all| all.iter().find(|one| one.number == number)).map(|one| one.name.clone())
        });
        found.unwrap_or_else(|| number.to_string())
    }
}

/// The app's state, from anywhere below its root.
pub fn app_state() -> AppState {
    // The root provides it before it makes any view, so everything that asks is below it.
    expect_context::<AppState>()
}
