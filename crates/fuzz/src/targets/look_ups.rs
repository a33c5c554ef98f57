//! Look-ups: what a register asks the store server for, and what it is told.

use holdfast_domain::Gtin;
use holdfast_protocol::look_up::{LOOK_UP_CHARS_MAX, LookUpReply, LookUpRequest};
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{decode, encode};
use holdfast_store_server::look_up::LookedFor;

use super::{Target, Verdict};

pub(super) const TARGETS: &[Target] = &[
    Target::message("look_up_request", &["look_up_request"], request),
    Target::message("look_up_reply", &["look_up_reply"], reply),
];

/// As the store server reads it: what is left of a text can be compared in either database.
fn request(bytes: &[u8]) -> Verdict {
    let Ok(request) = decode::<LookUpRequest>(bytes) else { return Verdict::Refused };
    assert_eq!(decode::<LookUpRequest>(&encode(&request)).as_ref(), Ok(&request));
    match LookedFor::read(&request.text) {
        Ok(read) => {
            let chars = read.text().chars().count();
            assert!((1..=LOOK_UP_CHARS_MAX).contains(&chars) && !read.text().contains('\0'), "{read:?}");
            let words = read.words();
            let is_plain = |word: &String| !word.is_empty() && word.chars().all(char::is_alphanumeric);
            assert!(words.iter().all(is_plain), "{words:?}");
            assert!(
                read.phone_digits().is_none_or(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            );
            assert!(read.barcode_key().is_none_or(|key| Gtin::parse(&key).is_ok()));
            assert_eq!(LookedFor::read(read.text()).as_ref(), Ok(&read));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    Verdict::Taken
}

/// As a till reads it: a customer's row is read by itself.
fn reply(bytes: &[u8]) -> Verdict {
    let Ok(reply) = decode::<LookUpReply>(bytes) else { return Verdict::Refused };
    assert_eq!(decode::<LookUpReply>(&encode(&reply)).as_ref(), Ok(&reply));
    for found in &reply.customers {
        match decode::<CustomerRow>(&found.body) {
            Ok(row) => assert_eq!(decode::<CustomerRow>(&encode(&row)), Ok(row)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    Verdict::Taken
}
