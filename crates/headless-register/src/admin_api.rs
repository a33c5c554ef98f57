//! The admin API, as far as a replay needs it: import, registers, activation codes, the audit. Profiles are in
//! [`crate::admin_profiles`].

use reqwest::{Client, Method, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Why the store server did not do what an administrator asked for.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// No answer.
    #[error("the store server did not answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    /// It refuses.
    #[error("the store server refuses {what}: {title} {detail}")]
    Refused {
        /// What was asked for.
        what: String,
        /// The problem's code, for programs.
        code: String,
        /// What it says.
        title: String,
        /// What to do.
        detail: String,
        /// The revision of the draft whose changes would be lost, where it is that.
        loses_revision: Option<u64>,
    },
}

/// A session of an administrator.
#[derive(Debug, Clone)]
pub struct AdminApi {
    client: Client,
    base_url: String,
}

/// The store, as far as a replay must know it.
#[derive(Debug, Clone, Deserialize)]
pub struct Store {
    /// ISO 4217 code.
    pub currency: String,
    /// Whether prices hold their tax.
    pub prices_include_tax: bool,
    /// Rows by table.
    #[serde(default)]
    pub rows: Vec<TableCount>,
}

/// Rows of a table.
#[derive(Debug, Clone, Deserialize)]
pub struct TableCount {
    /// Its name.
    pub table: String,
    /// Rows.
    pub rows: u64,
}

/// Sales of a register, counted anew by the store server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegisterAudit {
    /// Its number.
    pub number: u16,
    /// Sales.
    pub receipts_count: u64,
    /// Lowest receipt counter.
    pub receipt_min: Option<u32>,
    /// Highest receipt counter.
    pub receipt_max: Option<u32>,
    /// Receipt numbers or sales that stand twice.
    pub duplicates: u64,
    /// Invoice numbers that stand at more than one sale.
    #[serde(default)]
    pub external_ref_repeats: u64,
    /// Lines.
    pub lines_count: u64,
    /// Sum over the lines.
    pub total_minor: i64,
    /// Entries that were not applied.
    #[serde(default)]
    pub rejected_count: u64,
}

/// An entry that the store server keeps and did not apply.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RejectedEntry {
    /// Register.
    pub register: u16,
    /// Place in its journal.
    pub seq: u64,
    /// Why.
    pub reason: String,
}

/// A field that a register and the store changed both.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Conflict {
    /// Register.
    pub register: u16,
    /// The row's key.
    pub key: String,
    /// The column's name.
    pub column: String,
    /// What the register had seen.
    pub base: Option<String>,
    /// What the store server had.
    pub server: Option<String>,
    /// What the register sent.
    pub entered: String,
    /// Whether the register's value stands.
    pub register_won: bool,
}

/// What an import took.
#[derive(Debug, Clone, Deserialize)]
pub struct ImportReport {
    /// Rows taken.
    pub taken: u64,
    /// Rows refused.
    pub refused_count: u64,
}

#[derive(Deserialize)]
struct Registers<T> {
    registers: Vec<T>,
}

#[derive(Deserialize)]
struct Rejected {
    rejected: Vec<RejectedEntry>,
}

#[derive(Deserialize)]
struct Conflicts {
    conflicts: Vec<Conflict>,
}

#[derive(Deserialize)]
struct Categories {
    categories: Vec<Category>,
}

#[derive(Deserialize)]
struct Category {
    code: String,
}

#[derive(Deserialize)]
struct RegisterNumber {
    number: u16,
}

#[derive(Deserialize)]
struct ActivationCode {
    code: String,
}

#[derive(Deserialize, Default)]
struct ProblemDetails {
    #[serde(default)]
    code: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    draft: Option<LostDraft>,
}

#[derive(Deserialize)]
struct LostDraft {
    revision: u64,
}

impl AdminApi {
    /// Signs in.
    ///
    /// # Errors
    /// [`AdminError`], also for a wrong password.
    pub async fn sign_in(base_url: &str, password: &str) -> Result<AdminApi, AdminError> {
        let client = Client::builder().no_proxy().cookie_store(true).build()?;
        let api = AdminApi { client, base_url: base_url.trim_end_matches('/').to_owned() };
        api.send("to sign in", api.post("sign-in").json(&json!({ "password": password }))).await?;
        Ok(api)
    }

    /// The same session at another process over the same database.
    #[must_use]
    pub fn at(&self, base_url: &str) -> AdminApi {
        AdminApi { client: self.client.clone(), base_url: base_url.trim_end_matches('/').to_owned() }
    }

    /// The store.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn store(&self) -> Result<Store, AdminError> {
        self.read("store").await
    }

    /// Imports a CSV of `products`, `barcodes` or `customers`.
    ///
    /// # Errors
    /// [`AdminError`], also when the file is not one of that kind.
    pub async fn import(&self, kind: &str, csv: Vec<u8>) -> Result<ImportReport, AdminError> {
        let request = self.post(&format!("import/{kind}")).header("Content-Type", "text/csv").body(csv);
        Ok(self.send(&format!("to import {kind}"), request).await?.json().await?)
    }

    /// Adds a register under the next free number and gives the number.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn add_register(&self, name: &str) -> Result<u16, AdminError> {
        let there: Registers<RegisterNumber> = self.read("registers").await?;
        let number = there.registers.iter().map(|register| register.number).max().unwrap_or(0) + 1;
        self.add_register_numbered(number, name).await?;
        Ok(number)
    }

    /// Adds a register under this number.
    ///
    /// # Errors
    /// [`AdminError`], also when the number is taken.
    pub async fn add_register_numbered(&self, number: u16, name: &str) -> Result<(), AdminError> {
        let request = self.post("registers").json(&json!({ "number": number, "name": name }));
        self.send("to add a register", request).await.map(drop)
    }

    /// Reads the newest sales and says nothing of them.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn newest_sales(&self) -> Result<(), AdminError> {
        self.read::<serde_json::Value>("sales").await.map(drop)
    }

    /// Makes an activation code for a register.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn activation_code(&self, number: u16) -> Result<String, AdminError> {
        let request = self.post(&format!("registers/{number}/activation-code"));
        let answer: ActivationCode = self.send("an activation code", request).await?.json().await?;
        Ok(answer.code)
    }

    /// Counts the sales of all registers anew.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn audit(&self) -> Result<Vec<RegisterAudit>, AdminError> {
        let audit: Registers<RegisterAudit> = self.read("audit").await?;
        Ok(audit.registers)
    }

    /// Entries that were not applied.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn rejected(&self) -> Result<Vec<RejectedEntry>, AdminError> {
        let rejected: Rejected = self.read("rejected").await?;
        Ok(rejected.rejected)
    }

    /// Fields that registers and the store changed both, newest first.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn conflicts(&self) -> Result<Vec<Conflict>, AdminError> {
        let conflicts: Conflicts = self.read("conflicts").await?;
        Ok(conflicts.conflicts)
    }

    /// Codes of the categories of products.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn categories(&self) -> Result<Vec<String>, AdminError> {
        let listed: Categories = self.read("categories").await?;
        Ok(listed.categories.into_iter().map(|category| category.code).collect())
    }

    /// Reads what is at a path below the API's.
    pub(crate) async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T, AdminError> {
        let request = self.client.get(format!("{}/api/admin/{path}", self.base_url));
        Ok(self.send(&format!("to show {path}"), request).await?.json().await?)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.change(Method::POST, path)
    }

    /// A request that changes something, with the header that no other site can send.
    pub(crate) fn change(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/admin/{path}", self.base_url)).header("X-Holdfast", "1")
    }

    /// Sends a request; `what` says in a refusal what was asked for.
    pub(crate) async fn send(
        &self,
        what: &str,
        request: RequestBuilder,
    ) -> Result<reqwest::Response, AdminError> {
        let response = request.send().await?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let problem: ProblemDetails = response.json().await.unwrap_or_default();
        let title = if problem.title.is_empty() { status.to_string() } else { problem.title };
        Err(AdminError::Refused {
            what: what.to_owned(),
            code: problem.code,
            title,
            detail: problem.detail,
            loses_revision: problem.draft.map(|draft| draft.revision),
        })
    }
}
