//! The admin API of the store server: one function for each request, typed answers, typed errors.

mod error;
mod link;
mod profile_types;
mod profiles;
mod rejected_types;
mod types;

use leptos::prelude::Set;

pub use error::{ApiError, Problem};
pub use link::{Api, Session};
pub use profile_types::{
    Assignment, AssignmentPreview, CategoryCount, Change, ChangedOther, GivenProfile, ImportedProfile,
    LibraryScope, LostDraft, Meant, NewProfile, Preview, ProfileDetail, ProfileList, ProfileSummary,
    PublishOrder, RegisterPreview, RenamedScope, RollbackOrder, Rollout, RolloutRegister, SaveOrder,
    TablePreview, VersionSummary,
};
pub use profiles::CHANGES_LIMIT;
pub use rejected_types::{
    Corrections, EditedField, MendOrder, MendRecord, Rejected, RejectedDetail, RejectedEdit, RejectedList,
    RejectedSale, RejectedShift,
};
pub use types::{
    ActivationCode, Audit, AuditList, Building, Conflict, ConflictList, Credentials, Export, ExportList,
    ImportReport, KeptTable, NewRegister, Register, RegisterList, RegisterScope, RegisterScopes, Sale,
    SaleDetail, SaleLine, SaleList, Shift, ShiftList, SignedIn, Store,
};
#[cfg(test)]
pub use types::{ArrivedOfShift, TableProgress};

/// How many sales a page of the list has.
const SALES_LIMIT: u32 = 50;

impl Api {
    /// Whether this browser is signed in, and as whom.
    pub async fn session(self) -> Result<(), ApiError> {
        let SignedIn { name } = self.get("/session").await?;
        self.who.set(name);
        Ok(())
    }

    /// Signs in; afterwards the browser holds a cookie that scripts can't read.
    pub async fn sign_in(self, credentials: &Credentials) -> Result<(), ApiError> {
        let SignedIn { name } = self.post("/sign-in", credentials).await?;
        self.who.set(name);
        Ok(())
    }

    /// Signs out.
    pub async fn sign_out(self) -> Result<(), ApiError> {
        self.post_done("/sign-out", &()).await
    }

    /// The store and how much it holds.
    pub async fn store(self) -> Result<Store, ApiError> {
        self.get("/store").await
    }

    /// All registers with their last contact.
    pub async fn registers(self) -> Result<Vec<Register>, ApiError> {
        self.get::<RegisterList>("/registers").await.map(|list| list.registers)
    }

    /// Adds a register.
    pub async fn add_register(self, register: &NewRegister) -> Result<(), ApiError> {
        self.post_done("/registers", register).await
    }

    /// Makes a new activation code for a register.
    pub async fn new_activation_code(self, number: u16) -> Result<ActivationCode, ApiError> {
        self.post(&format!("/registers/{number}/activation-code"), &()).await
    }

    /// The exports that a register sent, newest first.
    pub async fn exports(self, number: u16) -> Result<Vec<Export>, ApiError> {
        self.get::<ExportList>(&format!("/registers/{number}/exports")).await.map(|list| list.exports)
    }

    /// The last shifts of a register, newest first.
    pub async fn shifts(self, number: u16) -> Result<Vec<Shift>, ApiError> {
        self.get::<ShiftList>(&format!("/registers/{number}/shifts")).await.map(|list| list.shifts)
    }

    /// What a register keeps, by the scopes of its profile.
    pub async fn register_scopes(self, number: u16) -> Result<RegisterScopes, ApiError> {
        self.get(&format!("/registers/{number}/scopes")).await
    }

    /// Locks a register: its device and its codes count no more.
    pub async fn lock_register(self, number: u16) -> Result<(), ApiError> {
        self.post_done(&format!("/registers/{number}/lock"), &()).await
    }

    /// Sales, newest first: the newest, or those that arrived before one.
    pub async fn sales(self, register: Option<u16>, before_seq: Option<u64>) -> Result<SaleList, ApiError> {
        let register = register.map(|number| format!("&register={number}")).unwrap_or_default();
        let before = before_seq.map(|seq| format!("&before_seq={seq}")).unwrap_or_default();
        self.get(&format!("/sales?limit={SALES_LIMIT}{register}{before}")).await
    }

    /// A whole sale.
    pub async fn sale(self, register: u16, counter: u32) -> Result<SaleDetail, ApiError> {
        self.get(&format!("/sales/{register}/{counter}")).await
    }

    /// Entries that were not applied.
    pub async fn rejected(self) -> Result<Vec<Rejected>, ApiError> {
        self.get::<RejectedList>("/rejected").await.map(|list| list.rejected)
    }

    /// Fields that were changed on both sides.
    pub async fn conflicts(self) -> Result<Vec<Conflict>, ApiError> {
        self.get::<ConflictList>("/conflicts").await.map(|list| list.conflicts)
    }

    /// An entry that was not applied.
    pub async fn rejected_entry(self, register: u16, seq: u64) -> Result<RejectedDetail, ApiError> {
        self.get(&format!("/rejected/{register}/{seq}")).await
    }

    /// Mends an entry that was not applied.
    pub async fn mend(self, register: u16, seq: u64, order: &MendOrder) -> Result<(), ApiError> {
        self.post_done(&format!("/rejected/{register}/{seq}/mend"), order).await
    }

    /// Every register's sales, counted anew from their rows.
    pub async fn audit(self) -> Result<Vec<Audit>, ApiError> {
        self.get::<AuditList>("/audit").await.map(|list| list.registers)
    }

    /// Takes a file of master data in.
    pub async fn import(self, kind: &str, file: &web_sys::File) -> Result<ImportReport, ApiError> {
        self.post_file_as(&format!("/import/{kind}"), file, "text/csv").await
    }
}
