//! A store server of its own for each test, registers on it, and invoices to sell.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use holdfast_domain::{Money, Quantity};
use holdfast_headless_register::admin_api::{AdminApi, RegisterAudit};
use holdfast_headless_register::baskets::{Invoice, InvoiceLine};
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::random::Random;
use holdfast_headless_register::register::Register;
use holdfast_headless_register::register_api::RegisterApi;
use holdfast_headless_register::server_process::{self, ServerProcess};

/// Long enough for a machine that does much else.
pub const AT_MOST: Duration = Duration::from_secs(60);

/// A running store server without demo data, and its administrator.
pub struct Shop {
    pub server: ServerProcess,
    pub admin: AdminApi,
}

impl Shop {
    pub async fn open() -> Shop {
        let program = server_process::program().unwrap_or_else(|error| panic!("{error}"));
        let server = ServerProcess::start(&program).await.unwrap_or_else(|error| panic!("{error}"));
        let admin =
            AdminApi::sign_in(&server.url(), server.admin_password()).await.expect("the password is right");
        Shop { server, admin }
    }

    /// A register that reaches the store server directly.
    pub async fn register(&self, clock: Clock) -> Register {
        self.register_at(&self.server.url(), clock).await
    }

    /// A register that reaches it by this URL.
    pub async fn register_at(&self, url: &str, clock: Clock) -> Register {
        let number = self.admin.add_register("Till").await.expect("a register is added");
        let code = self.admin.activation_code(number).await.expect("it has a code");
        let api = RegisterApi::new(url).expect("a client");
        let random = Random::new(Random::fresh_seed());
        Register::activate(api, &code, clock, random).await.expect("the code is right")
    }

    pub async fn audit(&self, register: u16) -> RegisterAudit {
        let audit = self.admin.audit().await.expect("the audit answers");
        audit.into_iter().find(|audit| audit.number == register).expect("the register is there")
    }
}

/// Waits until `reached` holds; fails with `what` when it does not in time.
pub async fn wait_for(what: &str, mut reached: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !reached().await {
        assert!(began.elapsed() < AT_MOST, "{what}: not within {AT_MOST:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub async fn wait_until_all_is_sent(register: &Register) {
    wait_for("all is sent", async || register.store().counts().waiting == 0).await;
}

/// An invoice of one line: `units` of a product at 2.55.
pub fn invoice(number: usize, units: i64) -> Invoice {
    Invoice {
        invoice_no: format!("I{number}"),
        invoiced_at_ms: None,
        customer_id: String::new(),
        lines: vec![InvoiceLine {
            line_no: "1".into(),
            sku: "85123A".into(),
            description: "WHITE HANGING HEART T-LIGHT HOLDER".into(),
            quantity: Quantity::units(units),
            unit_price: Money::from_minor(255),
        }],
    }
}

/// Real data lies outside the project; only under CI is its absence a failure.
pub fn real_data(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("HOLDFAST_DATA").map_or_else(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", folder.display());
    println!("skipped, no real data");
    None
}
