//! A store server on a socket whose database is looked at, and valid requests to begin with.

use std::collections::BTreeSet;

use holdfast_profile::TableId;
use holdfast_protocol::look_up::{LookUpRequest, Wanted};
use holdfast_protocol::messages::{ActivateRequest, PullRequest, UploadRequest};
use holdfast_protocol::{PROTOCOL_VERSION, encode};
use holdfast_store_server::secrets::hex;

use crate::support::{Dump, TestRegister, TestServer, Wire, differences};

/// A request that would be taken if nothing were done to it.
#[derive(Debug, Clone)]
pub struct Valid {
    pub method: &'static str,
    pub path: String,
    pub body: Vec<u8>,
    /// Longest body that is read, bytes.
    pub body_bytes_max: usize,
}

impl Valid {
    fn post(path: &str, body: Vec<u8>, body_bytes_max: usize) -> Valid {
        Valid { method: "POST", path: format!("/api/v1/{path}"), body, body_bytes_max }
    }

    fn get(path: &str) -> Valid {
        Valid { method: "GET", path: format!("/api/v1/{path}"), body: Vec::new(), body_bytes_max: usize::MAX }
    }
}

/// The `Authorization` of a register.
pub fn authorization(register: &TestRegister<'_>) -> String {
    format!("Bearer {}", hex(register.identity.token.as_slice()))
}

const SMALL: usize = 64 * 1024;

/// One of each endpoint that takes a body. The code to activate with was used by another attempt, so that no
/// damage makes it work.
pub async fn posts(server: &TestServer, register: &mut TestRegister<'_>) -> Vec<Valid> {
    let code = server.activation_code(2).await;
    TestRegister::ask(server, &code, [7; 16]).await;
    let activate = ActivateRequest {
        code,
        protocol_version: PROTOCOL_VERSION,
        app_version: "1.0".to_owned(),
        device_name: "Till 2".to_owned(),
        attempt_id: [8; 16].into(),
    };
    let upload = UploadRequest {
        entries: vec![register.sell(123), register.sell(50)],
        protocol_version: PROTOCOL_VERSION,
    };
    let pull = PullRequest { table: TableId::Product, since: 0, rows_max: 10, profile_version: None };
    let look_up = LookUpRequest { wanted: Wanted::Products, text: "loaf".to_owned() };
    vec![
        Valid::post("activate", encode(&activate), SMALL),
        Valid::post("contact", encode(&register.contact_request()), SMALL),
        Valid::post("pull", encode(&pull), SMALL),
        Valid::post("upload", encode(&upload), 4 * 1024 * 1024),
        Valid::post("look-up", encode(&look_up), SMALL),
    ]
}

/// One of each endpoint that needs no body.
pub async fn gets(register: &TestRegister<'_>) -> Vec<Valid> {
    let page = register.manifest(TableId::TaxRate).await.pages[0].clone();
    let page = format!("page/{}", hex(page.hash.as_slice()));
    ["profile", "manifest/tax_rate", &page].map(Valid::get).to_vec()
}

/// The database as it must stay.
pub struct Watched<'a> {
    pub server: &'a TestServer,
    pub wire: Wire,
    before: Dump,
}

impl<'a> Watched<'a> {
    pub async fn begin(server: &'a TestServer) -> Watched<'a> {
        Watched { server, wire: server.listen().await, before: server.dump().await }
    }

    /// Nothing at all was changed since the begin.
    pub async fn assert_unchanged(&self, what: &str) {
        let differences = differences(&self.before, &self.server.dump().await);
        assert!(differences.is_empty(), "{what}: {differences:?}");
    }

    /// What was taken changed these tables at most; from here on it must stay.
    pub async fn accept_changes_of(&mut self, tables: &BTreeSet<String>, what: &str) {
        let now = self.server.dump().await;
        for (table, rows) in differences(&self.before, &now) {
            assert!(tables.contains(&table), "{what}: {table} {rows:?}");
        }
        self.before = now;
    }
}
