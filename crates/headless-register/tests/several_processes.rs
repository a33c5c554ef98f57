//! Several store server processes over one PostgreSQL database: they keep nothing that it does not have, so a register
//! may meet another one at each request, and one may die at any time.

use std::time::Duration;

use holdfast_headless_register::admin_api::{AdminApi, AdminError, RegisterAudit};
use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::random::Random;
use holdfast_headless_register::register::Register;
use holdfast_headless_register::register_api::RegisterApi;
use holdfast_headless_register::server_process::{self, ServerProcess};
use holdfast_protocol::PROTOCOL_VERSION;
use holdfast_protocol::messages::ActivateRequest;
use holdfast_protocol::problem::code;
use holdfast_sync::CallError;

use crate::setting::{AT_MOST, invoice, wait_for, wait_until_all_is_sent};
use crate::test_postgres::TestPostgres;

/// Two processes over one database, and an administrator who signed in at the first.
struct Two {
    first: ServerProcess,
    second: ServerProcess,
    admin: AdminApi,
    // Dropped last, when nobody uses it any more.
    _database: TestPostgres,
}

impl Two {
    async fn start() -> Option<Two> {
        let database = TestPostgres::fresh().await?;
        let program = server_process::program().unwrap_or_else(|error| panic!("{error}"));
        let first = ServerProcess::start_on(&program, Some(&database.address)).await;
        let first = first.unwrap_or_else(|error| panic!("{error}"));
        let second = first.start_another().await.unwrap_or_else(|error| panic!("{error}"));
        let admin =
            AdminApi::sign_in(&first.url(), first.admin_password()).await.expect("the password is right");
        Some(Two { first, second, admin, _database: database })
    }

    /// A register whose requests go to the two in turn.
    async fn register(&self) -> Register {
        let number = self.admin.add_register("Till").await.expect("a register is added");
        let code = self.admin.activation_code(number).await.expect("it has a code");
        let api = RegisterApi::over_many(&[&self.first.url(), &self.second.url()]).expect("a client");
        let random = Random::new(Random::fresh_seed());
        Register::activate(api, &code, Clock::start(20), random).await.expect("the code is right")
    }

    async fn audit_of(&self, register: u16) -> RegisterAudit {
        let audit = self.admin.audit().await.expect("the audit answers");
        audit.into_iter().find(|audit| audit.number == register).expect("the register is there")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registers_that_change_processes_at_each_request_lose_nothing_when_one_is_killed() {
    const SALES_EACH: usize = 150;
    let Some(mut two) = Two::start().await else { return };
    let mut registers = Vec::new();
    for _ in 0..3 {
        registers.push(two.register().await);
    }
    let mut catalogues = Vec::new();
    for register in &registers {
        assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
        catalogues.push(Catalogue::read(register.store()).expect("a catalogue"));
    }
    let last = registers[2].number();
    for sold in 1..=SALES_EACH {
        for (register, catalogue) in registers.iter_mut().zip(&catalogues) {
            let done = register.sell(&invoice(sold, 2), catalogue).expect("the journal takes it");
            assert!(done.sale.is_some());
        }
        if sold == SALES_EACH / 3 {
            // With sales on their way: some have arrived, not all.
            wait_for("the first arrive", async || two.audit_of(last).await.receipts_count > 0).await;
            two.second.kill().await.expect("it ends");
        }
        if sold == 2 * SALES_EACH / 3 {
            two.second.start_again().await.expect("it starts again");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for register in &registers {
        wait_until_all_is_sent(register).await;
        let audit = two.audit_of(register.number()).await;
        let count = SALES_EACH as u64;
        let last_receipt = u32::try_from(SALES_EACH).ok();
        assert_eq!((audit.receipts_count, audit.lines_count, audit.duplicates), (count, count, 0));
        assert_eq!((audit.receipt_min, audit.receipt_max), (Some(1), last_receipt));
        assert_eq!((audit.total_minor, audit.rejected_count), (SALES_EACH as i64 * 510, 0));
        assert_eq!(register.store().counts().rejected, 0);
    }
    // The session of the one is known to the other, and both count the same.
    let at_second = two.admin.at(&two.second.url());
    assert_eq!(at_second.audit().await.expect("signed in"), two.admin.audit().await.expect("signed in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_activation_code_is_used_once_whichever_processes_are_asked() {
    let Some(two) = Two::start().await else { return };
    let apis = [&two.first, &two.second].map(|server| RegisterApi::new(&server.url()).expect("a client"));
    for round in 0..5_u8 {
        let code = two.admin.activation_code(1).await.expect("it has a code");
        let request = |device: u8| ActivateRequest {
            code: code.clone(),
            protocol_version: PROTOCOL_VERSION,
            app_version: "1.0".to_owned(),
            device_name: format!("Device {device}"),
            attempt_id: [16 * round + device; 16].into(),
        };
        let (one, other) = (request(1), request(2));
        let (one, other) = tokio::join!(apis[0].activate(&one, AT_MOST), apis[1].activate(&other, AT_MOST));
        let refused = match (one, other) {
            (Ok(_), Err(error)) | (Err(error), Ok(_)) => error,
            both => panic!("{both:?}"),
        };
        let CallError::Refused(problem) = refused else { panic!("{refused:?}") };
        assert_eq!(problem.code, code::ACTIVATION_CODE_USED);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_are_counted_by_all_processes_together() {
    let Some(two) = Two::start().await else { return };
    let (first, second) = (two.first.url(), two.second.url());
    let told = async |url: &str, password: &str| match AdminApi::sign_in(url, password).await {
        Ok(_) => String::new(),
        Err(AdminError::Refused { title, .. }) => title,
        Err(error @ AdminError::NoAnswer(_)) => panic!("{error}"),
    };
    // Five are free. Where each process counted for itself it would be ten; after the eighth the wait is eight seconds.
    let mut refused = false;
    for url in [&first, &second].into_iter().cycle().take(9) {
        refused = refused || told(url, "wrong").await == "There were too many wrong tries.";
    }
    assert!(refused);
    wait_for("the wait is over", async || told(&second, two.first.admin_password()).await.is_empty()).await;
}
