//! What nobody types: an answer without a hit or a refusal in words, by either database, and never a failure.

use axum::http::Method;
use holdfast_protocol::look_up::{LOOK_UP_CHARS_MAX, LookUpReply, LookUpRequest, Wanted};
use holdfast_protocol::problem::code;

use super::{
    ask, check_code, check_customers, check_products, customer, look_up, product, put, store_id, with_goods,
};
use crate::support::{TestRegister, TestServer, differences};

const ALL: [Wanted; 3] = [Wanted::Code, Wanted::Products, Wanted::Customers];

async fn check_refused(register: &TestRegister<'_>, text: &str, detail: &str) {
    for wanted in ALL {
        let problem = ask(register, wanted, text).await.problem();
        assert_eq!((problem.status, problem.code.as_str()), (400, code::MALFORMED), "{wanted:?} {text:?}");
        assert_eq!(problem.detail, detail);
    }
}

/// A shop with names of all kinds beside the plain ones.
async fn with_odd_names() -> TestServer {
    let server = with_goods().await;
    let rows = [
        product("חלב-3", "חלב 3%"),
        product("m1", "\u{301}"),
        product("m2", "\u{1}\u{7f}"),
        product("w1", "50%_off \\ mug"),
        product("\u{10ffff}", "Last\u{202e}"),
        product("牛", "牛乳 1L"),
        product("_1", "Under"),
        customer("\u{301}", "\u{301}\u{20dd}"),
        customer("م-1", "ليلى"),
        customer("%", "Per Cent"),
        customer("\u{10ffff}9", "Last One"),
        customer("\\", "Back Slash"),
    ];
    put(&server, &store_id(&server).await, &rows).await;
    server
}

#[tokio::test]
async fn nothing_to_look_for_is_refused_in_words() {
    let server = with_odd_names().await;
    let register = server.register(1).await;
    for blank in ["", " ", "\0", "\0 \0", "\t\r\n\u{b}\u{c}", "\u{85}\u{a0}\u{2003}\u{2028}\u{2029}\u{3000}"]
    {
        check_refused(&register, blank, "There is no text to look for.").await;
    }
    for (letter, chars) in [("a", 101), ("\u{301}", 10_000), ("%", 10_000), ("\0a", 10_000), ("ａ", 10_000)]
    {
        let text: String = letter.chars().cycle().take(chars).collect();
        let chars = text.trim_start_matches('\0').chars().count();
        let detail =
            format!("The text to look for has {chars} characters, {LOOK_UP_CHARS_MAX} are the most.");
        check_refused(&register, &text, &detail).await;
    }
}

#[tokio::test]
async fn marks_and_controls_mean_themselves_or_nothing() {
    let server = with_odd_names().await;
    let register = server.register(1).await;
    let before = server.dump().await;
    for text in [
        "\u{1}",
        "\u{7f}",
        "\u{1b}[31m",
        "\u{200b}",
        "\u{feff}",
        "\u{202e}",
        "\u{2066}\u{2069}",
        "\u{300}",
        "\u{20dd}",
        "\u{fe0f}",
        "\u{e000}",
        "\u{fffd}",
        "\u{fffe}",
        "🏴‍☠️",
        "—",
        "'",
        "''",
        "\"",
        "%",
        "%%",
        "_",
        "\\",
        "\\%",
        "%\\",
        ";--",
        "' OR 1=1 --",
        "*",
        "NULL",
        "\0\0%\0",
    ] {
        let products = look_up(&register, Wanted::Products, text).await;
        assert_eq!(products, LookUpReply::default(), "{text:?}");
        let found = text.trim_matches('\0');
        let customers: &[&str] = if found == "%" || found == "\\" { &[found] } else { &[] };
        check_customers(&register, text, customers).await;
        check_code(&register, text, None, customers.first().copied()).await;
    }
    // As many marks and patterns as a text holds.
    for letter in ["%", "_", "\\", "'", "\u{301}", "\u{202e}", "\u{10ffff}", "ẞ", "İ"] {
        for wanted in ALL {
            let reply = look_up(&register, wanted, &letter.repeat(LOOK_UP_CHARS_MAX)).await;
            assert_eq!(reply, LookUpReply::default(), "{letter:?}");
        }
    }
    assert!(differences(&before, &server.dump().await).is_empty());
}

#[tokio::test]
async fn names_of_every_script_are_found_and_odd_ones_harm_nobody() {
    let server = with_odd_names().await;
    let register = server.register(1).await;
    check_products(&register, "חלב", &["חלב-3"]).await;
    check_products(&register, "\u{202b}חל\u{202c}", &["חלב-3"]).await;
    check_products(&register, "3% חלב", &["חלב-3"]).await;
    check_products(&register, "牛", &["牛"]).await;
    check_products(&register, "乳", &["牛"]).await;
    check_products(&register, "50%_off", &["w1"]).await;
    check_products(&register, "mug \\", &["w1"]).await;
    check_products(&register, "mug\0off", &["w1"]).await;
    check_products(&register, "mug \u{301}", &["w1"]).await;
    check_products(&register, "last", &["\u{10ffff}"]).await;
    check_customers(&register, "ليلى", &["م-1"]).await;
    check_customers(&register, "م-", &["م-1"]).await;
    check_customers(&register, "\u{301}", &["\u{301}"]).await;
    check_customers(&register, "\u{10ffff}", &["\u{10ffff}9"]).await;
    check_customers(&register, "cent %", &["%"]).await;
    check_code(&register, "חלב-3", Some("חלב-3"), None).await;
    check_code(&register, "牛", Some("牛"), None).await;
    check_code(&register, "\u{10ffff}", Some("\u{10ffff}"), None).await;
    check_code(&register, "\u{301}", None, Some("\u{301}")).await;
    check_code(&register, "_1", Some("_1"), None).await;
    check_code(&register, "x1", None, None).await;
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_words() {
    let server = with_goods().await;
    let register = server.register(1).await;
    let valid = holdfast_protocol::encode(&LookUpRequest { wanted: Wanted::Code, text: "ab".to_owned() });
    let with = |at: usize, byte: u8| {
        let mut body = valid.clone();
        body[at] = byte;
        body
    };
    // A map of two: { 0: 0, 1: "ab" }.
    assert_eq!(valid, [0xa2, 0x00, 0x00, 0x01, 0x62, b'a', b'b']);
    let bodies = [
        Vec::new(),
        valid[..valid.len() - 1].to_vec(),
        // Something else that is wanted, no text, bytes, no UTF-8, half of a surrogate pair, a length of its own.
        with(2, 3),
        with(3, 2),
        with(4, 0x42),
        with(5, 0xff),
        vec![0xa2, 0x00, 0x00, 0x01, 0x63, 0xed, 0xa0, 0x80],
        [&[0xa2, 0x00, 0x00, 0x01, 0x7b][..], &[0xff; 8]].concat(),
        vec![0x9f; 1_000],
    ];
    for body in bodies {
        let answer = register.send(Method::POST, "look-up", body.clone()).await;
        let problem = answer.problem();
        assert_eq!((problem.status, problem.code.as_str()), (400, code::MALFORMED), "{body:02x?}");
        assert!(!problem.detail.is_empty());
    }
    let large = ask(&register, Wanted::Products, &"a".repeat(5_000_000)).await.problem();
    assert_eq!((large.status, large.code.as_str()), (413, code::TOO_LARGE));
}
