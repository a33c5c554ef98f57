//! Whatever the network does to uploads, each entry has its effect once and the sums are right.

use holdfast_protocol::messages::{EntryOutcome, UploadReply};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use proptest::prelude::*;

use crate::support::TestServer;

/// What a register produces.
#[derive(Debug, Clone)]
enum Made {
    Sale(Vec<(i64, i64)>),
    /// A sale whose total was tampered with before it was sealed.
    WrongSale,
    /// Not a sale at all.
    Noise(Vec<u8>),
}

/// A request that reaches the server: entries from one place, so many; its answer may be lost.
#[derive(Debug, Clone)]
struct Sent {
    from: prop::sample::Index,
    count: usize,
    is_answered: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let line = (1..50_000_i64, prop_oneof![1..20_i64, -5..0_i64]);
    prop_oneof![
        6 => proptest::collection::vec(line, 1..6).prop_map(Made::Sale),
        1 => Just(Made::WrongSale),
        1 => proptest::collection::vec(any::<u8>(), 0..20).prop_map(Made::Noise),
    ]
}

fn sent() -> impl Strategy<Value = Sent> {
    (any::<prop::sample::Index>(), 0..12_usize, any::<bool>()).prop_map(|(from, count, is_answered)| Sent {
        from,
        count,
        is_answered,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn each_entry_is_applied_once_and_totals_equal_an_independent_sum(
        made in proptest::collection::vec(made(), 1..40),
        schedule in proptest::collection::vec(sent(), 0..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(&made, &schedule));
    }
}

async fn run(made: &[Made], schedule: &[Sent]) {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    // What must come of it, counted without the server.
    let (mut sales_count, mut lines_count, mut total_minor) = (0_u64, 0_usize, 0_i64);
    let mut accepted = Vec::new();
    let mut entries: Vec<OutboxEntry> = Vec::new();
    for made in made {
        let entry = match made {
            Made::Sale(lines) => {
                sales_count += 1;
                lines_count += lines.len();
                total_minor += lines.iter().map(|(price, units)| price * units).sum::<i64>();
                let sale = register.sale(lines);
                register.seal_sale(&sale)
            }
            Made::WrongSale => {
                let mut sale = register.sale(&[(100, 1)]);
                sale.total_minor = 1;
                register.seal_sale(&sale)
            }
            Made::Noise(bytes) => register.seal(EntryKind::Sale, bytes.clone()),
        };
        accepted.push(matches!(made, Made::Sale(_)));
        entries.push(entry);
    }
    let check = |first: usize, reply: &UploadReply| {
        for (place, result) in (first..).zip(&reply.results) {
            assert_eq!(result.seq, place as u64 + 1);
            assert_eq!(result.outcome == EntryOutcome::Accepted, accepted[place], "entry {}", result.seq);
        }
    };
    let mut settled = 0;
    for Sent { from, count, is_answered } in schedule {
        let first = from.index(entries.len());
        let batch = &entries[first..(first + count).min(entries.len())];
        let answer = register.upload_raw(batch).await;
        if batch.is_empty() {
            continue;
        }
        if first > settled {
            assert_eq!(answer.problem().code, holdfast_protocol::problem::code::SEQUENCE_GAP);
            continue;
        }
        settled = settled.max(first + batch.len());
        if *is_answered {
            let reply: UploadReply = answer.message();
            assert_eq!(reply.results.len(), batch.len());
            check(first, &reply);
        }
    }
    check(0, &register.upload(&entries).await);
    let audit = server.administrator().await.get("/api/admin/audit").await.json()["registers"][0].clone();
    assert_eq!(audit["receipts_count"], sales_count);
    assert_eq!(audit["lines_count"], lines_count);
    assert_eq!(audit["total_minor"], total_minor);
    assert_eq!(audit["sales_total_minor"], total_minor);
    assert_eq!(audit["duplicates"], 0);
    assert_eq!(audit["rejected_count"], made.len() as u64 - sales_count);
    let overview = server.administrator().await.get("/api/admin/registers").await.json();
    assert_eq!(overview["registers"][0]["total_minor"], total_minor);
}
