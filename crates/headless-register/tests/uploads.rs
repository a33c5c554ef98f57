//! Uploads over real HTTP: once, twice, and such as no register would send.

use std::time::Duration;

use holdfast_headless_register::admin_api::RegisterAudit;
use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_headless_register::register::Register;
use holdfast_protocol::messages::{
    EntryOutcome, REQUEST_BYTES_MAX, UPLOAD_ENTRIES_MAX, UploadReply, UploadRequest,
};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::problem::{Problem, code};
use holdfast_protocol::sale::SaleRecord;
use holdfast_protocol::{PROTOCOL_VERSION, decode, encode};
use holdfast_sync::{Call, CallError, CallReply};

use crate::setting::{AT_MOST, Shop, invoice, wait_until_all_is_sent};

/// A register whose first sales have arrived; its engine has nothing more to send.
struct Sent {
    shop: Shop,
    register: Register,
    entries: Vec<OutboxEntry>,
    audit: RegisterAudit,
}

impl Sent {
    async fn sales(count: usize) -> Sent {
        let shop = Shop::open().await;
        let mut register = shop.register(Clock::start(1)).await;
        assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
        let catalogue = Catalogue::read(register.store()).expect("a catalogue");
        for number in 1..=count {
            register.sell(&invoice(number, 2), &catalogue).expect("the journal takes it");
        }
        wait_until_all_is_sent(&register).await;
        let entries = register.store().entries().into_iter().map(|kept| kept.entry).collect();
        let audit = shop.audit(register.number()).await;
        assert_eq!((audit.receipts_count, audit.total_minor), (count as u64, count as i64 * 510));
        Sent { shop, register, entries, audit }
    }

    fn last(&self) -> &OutboxEntry {
        self.entries.last().expect("sales were made")
    }

    fn last_record(&self) -> SaleRecord {
        decode(&self.last().payload).expect("a sale")
    }

    /// The entry that would follow the last one, with this sale in it.
    fn next(&self, record: &SaleRecord) -> OutboxEntry {
        let last = self.last();
        OutboxEntry::seal(last.seq + 1, EntryKind::Sale, last.created_at_ms, *last.hash, encode(record))
    }

    /// The sale that would follow the last one.
    fn next_record(&self) -> SaleRecord {
        let last = self.last_record();
        SaleRecord { id: [99; 16].into(), receipt_counter: last.receipt_counter + 1, ..last }
    }

    async fn upload(&self, request: UploadRequest) -> Result<UploadReply, CallError> {
        let reply = self.register.api().call(&Call::Upload(request), Duration::from_secs(30)).await?;
        let CallReply::Upload(reply) = reply else { panic!("an upload was answered with {reply:?}") };
        Ok(reply)
    }

    async fn upload_entries(&self, entries: Vec<OutboxEntry>) -> Result<UploadReply, CallError> {
        self.upload(UploadRequest { entries, protocol_version: PROTOCOL_VERSION }).await
    }

    /// Nothing that was sent since has changed what the store server has, and it still takes what follows.
    async fn assert_unharmed(&self) {
        assert_eq!(self.shop.audit(self.register.number()).await, self.audit);
        let reply = self.upload_entries(vec![self.next(&self.next_record())]).await.expect("it follows");
        assert_eq!(reply.results[0].outcome, EntryOutcome::Accepted);
        let audit = self.shop.audit(self.register.number()).await;
        assert_eq!(audit.receipts_count, self.audit.receipts_count + 1);
    }
}

fn assert_refused(result: Result<UploadReply, CallError>, status: u16, code: &str) {
    match result {
        Err(CallError::Refused(problem)) => {
            assert_eq!((problem.status, problem.code.as_str()), (status, code), "{problem}");
            assert!(!problem.title.is_empty() && !problem.detail.is_empty(), "{problem:?}");
        }
        Ok(_) | Err(CallError::NoAnswer(_) | CallError::Busy { .. }) => panic!("{result:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_run_of_the_upload_changes_nothing() {
    let sent = Sent::sales(30).await;
    for _ in 0..2 {
        let reply = sent.upload_entries(sent.entries.clone()).await.expect("it is known");
        assert_eq!(reply.acknowledged_seq, 30);
        assert!(reply.results.iter().all(|result| result.outcome == EntryOutcome::Accepted));
    }
    // Only its end, together with something new.
    let overlap = [&sent.entries[28..], &[sent.next(&sent.next_record())]].concat();
    let reply = sent.upload_entries(overlap).await.expect("it follows");
    assert_eq!((reply.acknowledged_seq, reply.results.len()), (31, 3));
    let audit = sent.shop.audit(sent.register.number()).await;
    assert_eq!((audit.receipts_count, audit.lines_count, audit.duplicates), (31, 31, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_upload_is_refused_and_changes_nothing() {
    let sent = Sent::sales(2).await;
    let next = sent.next(&sent.next_record());
    let unknown_version = UploadRequest { entries: vec![next.clone()], protocol_version: 99 };
    assert_refused(sent.upload(unknown_version).await, 400, code::VERSION_UNKNOWN);
    let too_many = vec![next.clone(); UPLOAD_ENTRIES_MAX + 1];
    assert_refused(sent.upload_entries(too_many).await, 413, code::TOO_LARGE);

    let raw = Raw::of(&sent);
    let whole = encode(&UploadRequest { entries: vec![next], protocol_version: PROTOCOL_VERSION });
    raw.assert_refused(whole[..whole.len() - 1].to_vec(), true, 400, code::MALFORMED).await;
    raw.assert_refused([whole.as_slice(), &[0]].concat(), true, 400, code::MALFORMED).await;
    raw.assert_refused(b"<html>".to_vec(), true, 400, code::MALFORMED).await;
    raw.assert_refused(Vec::new(), true, 400, code::MALFORMED).await;
    raw.assert_refused(vec![0x9b; 200_000], true, 400, code::MALFORMED).await;
    raw.assert_refused(vec![0; REQUEST_BYTES_MAX + 1], true, 413, code::TOO_LARGE).await;
    raw.assert_refused(whole, false, 401, code::REGISTER_UNKNOWN).await;
    sent.assert_unharmed().await;
}

/// Bodies that the client would never make.
struct Raw {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Raw {
    fn of(sent: &Sent) -> Raw {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let url = format!("{}/api/v1/upload", sent.shop.server.url());
        Raw { client, url, token: sent.register.api().token().expect("activated").to_owned() }
    }

    async fn assert_refused(&self, body: Vec<u8>, with_token: bool, status: u16, code: &str) {
        let token = if with_token { self.token.clone() } else { "00".repeat(32) };
        let request = self.client.post(&self.url).header("Authorization", format!("Bearer {token}"));
        let response = request.body(body).send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let problem = Problem::decode(&response.bytes().await.expect("a body")).expect("a problem");
        assert_eq!((problem.status, problem.code.as_str()), (status, code), "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_follow_in_the_journal_is_refused_as_a_whole() {
    let sent = Sent::sales(3).await;
    let next = sent.next(&sent.next_record());
    let after_next = OutboxEntry::seal(next.seq + 1, EntryKind::Sale, 0, *next.hash, next.payload.to_vec());

    assert_refused(sent.upload_entries(vec![after_next.clone()]).await, 409, code::SEQUENCE_GAP);
    let doubled = vec![next.clone(), next.clone()];
    assert_refused(sent.upload_entries(doubled).await, 409, code::SEQUENCE_GAP);

    let changed = OutboxEntry { created_at_ms: next.created_at_ms + 1, ..next.clone() };
    assert_refused(sent.upload_entries(vec![changed]).await, 409, code::CHAIN_BROKEN);
    let unchained = OutboxEntry::seal(next.seq, EntryKind::Sale, 0, [1; 32], next.payload.to_vec());
    assert_refused(sent.upload_entries(vec![unchained]).await, 409, code::CHAIN_BROKEN);
    // Another entry in the place of one that is there, and a run whose second link is wrong.
    let history = OutboxEntry::seal(1, EntryKind::Sale, 0, [0; 32], next.payload.to_vec());
    assert_refused(sent.upload_entries(vec![history]).await, 409, code::CHAIN_BROKEN);
    let second = OutboxEntry { previous_hash: [2; 32].into(), ..after_next };
    assert_refused(sent.upload_entries(vec![next, second]).await, 409, code::CHAIN_BROKEN);
    sent.assert_unharmed().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_that_can_t_be_is_set_aside_with_its_reason_and_blocks_nothing() {
    let sent = Sent::sales(2).await;
    let good = sent.next_record();
    let mut bad_sum = good.clone();
    bad_sum.total_minor += 1;
    let mut bad_line = good.clone();
    bad_line.lines[0].quantity_milli = 5_000;
    let other_register = SaleRecord { register_number: 1, ..good.clone() };
    let other_store = SaleRecord { store_id: "elsewhere".into(), ..good.clone() };
    let mut records = [bad_sum, bad_line, other_register, other_store, good.clone()];
    // Each takes a number but those that are not this register's.
    for (record, counter) in records.iter_mut().zip([3, 4, 5, 5, 5]) {
        record.receipt_counter = counter;
        record.id = [u8::try_from(counter).expect("small"); 16].into();
    }
    let (mut seq, mut hash) = (sent.last().seq, *sent.last().hash);
    let mut entries = Vec::new();
    let mut seal = |kind, payload| {
        seq += 1;
        let entry = OutboxEntry::seal(seq, kind, 0, hash, payload);
        hash = *entry.hash;
        entries.push(entry);
    };
    records.iter().for_each(|record| seal(EntryKind::Sale, encode(record)));
    seal(EntryKind::Sale, vec![0xff]);
    let reply = sent.upload_entries(entries.clone()).await.expect("each is settled");
    let expected = [
        Some("The sale does not add up: the total does not follow from the lines."),
        Some("The sale does not add up: the amount of line 1 is not its quantity times its price."),
        Some("It says register 1"),
        Some("It was sold in store “elsewhere”"),
        None,
        Some("The sale can't be read"),
    ];
    for (result, expected) in reply.results.iter().zip(expected) {
        match (&result.outcome, expected) {
            (EntryOutcome::Accepted, None) => {}
            (EntryOutcome::Rejected { reason }, Some(part)) if reason.contains(part) => {}
            (outcome, expected) => panic!("{}: {outcome:?} instead of {expected:?}", result.seq),
        }
    }
    let number = sent.register.number();
    let audit = sent.shop.audit(number).await;
    assert_eq!((audit.receipts_count, audit.rejected_count, audit.receipt_max), (3, 5, Some(5)));
    // The administrator sees them, and a second upload neither applies nor repeats them.
    let again = sent.upload_entries(entries).await.expect("it is known");
    assert_eq!(again, reply);
    assert_eq!(sent.shop.audit(number).await, audit);
    let rejected = sent.shop.admin.rejected().await.expect("a list");
    assert_eq!(rejected.iter().filter(|entry| entry.register == number).count(), 5);
}
