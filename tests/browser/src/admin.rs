//! The administrator's side of the store server, by its own API.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::Outcome;
use crate::store_server::StoreServer;
use crate::waiting::wait_for;

/// How long a published profile may take until a till has it.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);

/// A signed-in administrator.
pub struct Admin {
    client: reqwest::Client,
    base: String,
}

/// What the store server says arrived from one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAudit {
    /// Receipts.
    pub receipts: u64,
    /// Lowest receipt counter.
    pub receipt_min: u64,
    /// Highest receipt counter.
    pub receipt_max: u64,
    /// Receipts that stand twice.
    pub duplicates: u64,
    /// Sum of the totals, minor units.
    pub total_minor: i64,
}

impl Admin {
    /// Signs in with the password that the server printed.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sign_in(server: &StoreServer) -> Outcome<Admin> {
        let client = reqwest::Client::builder().cookie_store(true).no_proxy().build()?;
        let base = format!("{}/api/admin", server.url());
        client
            .post(format!("{base}/sign-in"))
            .header("X-Holdfast", "1")
            .json(&serde_json::json!({ "password": server.admin_password() }))
            .send()
            .await?
            .error_for_status()?;
        Ok(Admin { client, base })
    }

    /// Gets a JSON document.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn get(&self, path: &str) -> Outcome<Value> {
        Ok(self.client.get(format!("{}/{path}", self.base)).send().await?.error_for_status()?.json().await?)
    }

    /// Sends a JSON document with a method, and gives the answer's status and document.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Outcome<(u16, Value)> {
        let method = reqwest::Method::from_bytes(method.as_bytes())?;
        let request = self.client.request(method, format!("{}/{path}", self.base));
        let answer = request.header("X-Holdfast", "1").json(body).send().await?;
        let (status, text) = (answer.status().as_u16(), answer.text().await?);
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    /// The whole profile of this name, as the store server has it.
    ///
    /// # Errors
    /// When the server refuses, does not answer, or has no such profile.
    pub async fn profile(&self, name: &str) -> Outcome<Value> {
        let all = self.get("profiles").await?;
        let profiles = all["profiles"].as_array().ok_or("no profiles")?;
        let found = profiles.iter().find(|one| one["name"] == name);
        let id =
            found.and_then(|one| one["id"].as_u64()).ok_or_else(|| format!("no profile {name}: {all}"))?;
        self.get(&format!("profiles/{id}")).await
    }

    /// Sends a JSON document that the server is to take, and gives what it answers.
    ///
    /// # Errors
    /// When the server refuses, with what it says, or does not answer.
    pub async fn change(&self, method: &str, path: &str, body: &Value) -> Outcome<Value> {
        let (status, answer) = self.send(method, path, body).await?;
        if (200..300).contains(&status) { Ok(answer) } else { Err(format!("{status}: {answer}").into()) }
    }

    /// Changes the store's profile and publishes it; gives the version. Where a scope of the store has another content
    /// than this profile's of that name, this profile's holds.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn publish(&self, change: impl FnOnce(&mut Value)) -> Outcome<u64> {
        let id = &self.get("profiles").await?["store_profile"];
        let detail = self.get(&format!("profiles/{id}")).await?;
        let mut draft = detail["draft"].clone();
        change(&mut draft);
        let mut body = serde_json::json!({
            "base_revision": detail["revision"], "profile": draft, "renamed_scopes": [], "choices": {},
        });
        let path = format!("profiles/{id}");
        let (_, met) = self.send("PUT", &path, &body).await?;
        let saved = match met["conflicts"].as_array() {
            None if met["detail"].is_object() => met,
            None => return Err(format!("the profile was not saved: {met}").into()),
            Some(conflicts) => {
                let fields = conflicts.iter().filter_map(|conflict| conflict["field"].as_str());
                body["choices"] = fields.map(|field| (field.to_owned(), Value::from("mine"))).collect();
                self.change("PUT", &path, &body).await?
            }
        };
        let body = serde_json::json!({ "revision": saved["detail"]["revision"], "force": true });
        let published = self.change("POST", &format!("profiles/{id}/publish"), &body).await?;
        Ok(published["version"].as_u64().ok_or("no version")?)
    }

    /// Waits until a register says that it has this version.
    ///
    /// # Errors
    /// When it does not within half a minute.
    pub async fn wait_for_version(&self, register: u64, version: u64) -> Outcome {
        wait_for(&format!("version {version} on register {register}"), TAKEN_WITHIN, || async {
            let here = self.register(register).await.map_err(|error| error.to_string())?;
            let here = &here["profile_version"];
            if here.as_u64() == Some(version) { Ok(()) } else { Err(here.to_string()) }
        })
        .await
    }

    /// Changes the store's profile, publishes it and waits until register 1 has it.
    ///
    /// # Errors
    /// When the server refuses, or the register does not take it.
    pub async fn publish_to_till(&self, change: impl FnOnce(&mut Value)) -> Outcome {
        let version = self.publish(change).await?;
        self.wait_for_version(1, version).await
    }

    /// What the store server knows of one register.
    ///
    /// # Errors
    /// When the server refuses, does not answer, or has no such register.
    pub async fn register(&self, number: u64) -> Outcome<Value> {
        let document = self.get("registers").await?;
        let all = document["registers"].as_array().ok_or("no registers")?;
        let found = all.iter().find(|entry| entry["number"].as_u64() == Some(number));
        found.cloned().ok_or_else(|| format!("no register {number}").into())
    }

    /// Rows of each table by its name, as a register told.
    ///
    /// # Errors
    /// As [`Admin::register`]; and where a table has no name or no rows.
    pub async fn rows_kept(&self, number: u64) -> Outcome<BTreeMap<String, u64>> {
        let register = self.register(number).await?;
        let tables = register["tables"].as_array().ok_or("no tables")?;
        let rows = |table: &Value| Some((table["table"].as_str()?.to_owned(), table["rows"].as_u64()?));
        let kept: Option<BTreeMap<_, _>> = tables.iter().map(rows).collect();
        kept.ok_or_else(|| format!("a table without rows or name: {tables:?}").into())
    }

    /// Gets a file.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub async fn file(&self, path: &str) -> Outcome<Vec<u8>> {
        let response = self.client.get(format!("{}/{path}", self.base)).send().await?.error_for_status()?;
        Ok(response.bytes().await?.to_vec())
    }

    /// Takes a file of master data in, and wants all of its lines taken.
    ///
    /// # Errors
    /// When the server refuses the file or a line, or does not answer.
    pub async fn import(&self, kind: &str, csv: &str) -> Outcome {
        let request = self.client.post(format!("{}/import/{kind}", self.base));
        let request = request.header("X-Holdfast", "1").header("Content-Type", "text/csv");
        let report: Value = request.body(csv.to_owned()).send().await?.error_for_status()?.json().await?;
        if report["refused_count"] == 0 { Ok(()) } else { Err(format!("{kind}: {report}").into()) }
    }

    /// Whether a register has told that it has every change of a table.
    ///
    /// # Errors
    /// When the server refuses, does not answer, or knows nothing of the register's table.
    pub async fn is_current(&self, register: u64, table: &str) -> Outcome<bool> {
        let found = self.register(register).await?;
        let tables = found["tables"].as_array().ok_or("no tables of the register")?;
        let progress = tables.iter().find(|entry| entry["table"] == table).ok_or("the table is not kept")?;
        Ok(progress["cursor"].as_u64() >= progress["head"].as_u64())
    }

    /// The audit of one register; `None` before anything arrived from it.
    ///
    /// # Errors
    /// When the server refuses, does not answer, or says something else than an audit.
    pub async fn audit(&self, register: u64) -> Outcome<Option<RegisterAudit>> {
        let document = self.get("audit").await?;
        let registers = document["registers"].as_array().ok_or("the audit has no registers")?;
        let Some(found) = registers.iter().find(|entry| entry["number"].as_u64() == Some(register)) else {
            return Ok(None);
        };
        let number =
            |name: &str| found[name].as_i64().ok_or_else(|| format!("the audit has no {name}: {found}"));
        Ok(Some(RegisterAudit {
            receipts: u64::try_from(number("receipts_count")?)?,
            receipt_min: u64::try_from(found["receipt_min"].as_i64().unwrap_or(0))?,
            receipt_max: u64::try_from(found["receipt_max"].as_i64().unwrap_or(0))?,
            duplicates: u64::try_from(number("duplicates")?)?,
            total_minor: number("total_minor")?,
        }))
    }

    /// The sales that arrived from one register: receipt number and total in minor units, by receipt number.
    ///
    /// # Errors
    /// When the server refuses, does not answer, or gives more than fit one reply.
    pub async fn sales(&self, register: u64) -> Outcome<Vec<(String, i64)>> {
        let document = self.get(&format!("sales?register={register}&limit=500")).await?;
        if document["more"] == true {
            return Err("more sales arrived than one reply holds".into());
        }
        let sales = document["sales"].as_array().ok_or("the reply has no sales")?;
        let mut found = Vec::new();
        for sale in sales {
            let receipt = sale["receipt"].as_str().ok_or_else(|| format!("no receipt number in {sale}"))?;
            let total = sale["total_minor"].as_i64().ok_or_else(|| format!("no total in {sale}"))?;
            found.push((receipt.to_owned(), total));
        }
        found.sort();
        Ok(found)
    }
}
