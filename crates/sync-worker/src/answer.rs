//! What an HTTP answer means: the store server's reply, its refusal, or no answer of the store server at all.

use holdfast_protocol::problem::{PROBLEM_CONTENT_TYPE, Problem};
use holdfast_protocol::{CONTENT_TYPE, decode, page};
use holdfast_sync::CallError;

/// A busy store server that does not say for how long is left alone for this long, milliseconds.
const RETRY_AFTER_MS: i64 = 5_000;

/// An HTTP answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Status.
    pub status: u16,
    /// Content type without parameters; empty where there is none.
    pub content_type: String,
    /// `Retry-After`, where there is one.
    pub retry_after: Option<String>,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body of the store server's reply.
    ///
    /// Whatever a captive portal, a proxy or another server says is no answer, a 200 of theirs included.
    pub fn into_reply(self) -> Result<Vec<u8>, CallError> {
        if self.is_success() && self.content_type == CONTENT_TYPE {
            return Ok(self.body);
        }
        if self.content_type == PROBLEM_CONTENT_TYPE && !self.is_success() {
            return Err(self.into_refusal());
        }
        let Answer { status, content_type, .. } = self;
        Err(CallError::NoAnswer(format!("status {status} with {content_type:?} is not the store server's")))
    }

    /// The message in the store server's reply.
    pub fn into_message<T>(self) -> Result<T, CallError>
    where
        T: for<'b> minicbor::Decode<'b, ()>,
    {
        decode(&self.into_reply()?).map_err(|error| CallError::NoAnswer(error.to_string()))
    }

    /// The page in the store server's reply. What it is served as does not matter: a page proves itself.
    pub fn into_page(self) -> Result<Vec<u8>, CallError> {
        if !self.is_success() {
            return self.into_reply();
        }
        match page::verify(&self.body) {
            Ok(_) => Ok(self.body),
            Err(error) => Err(CallError::NoAnswer(error.to_string())),
        }
    }

    /// The body of a success, whatever it is served as; who asked knows what it must be.
    pub fn into_bytes(self) -> Result<Vec<u8>, CallError> {
        if self.is_success() { Ok(self.body) } else { self.into_reply() }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn into_refusal(self) -> CallError {
        if matches!(self.status, 429 | 503)
            && let Some(retry_after) = &self.retry_after
        {
            let seconds: Option<i64> = retry_after.trim().parse().ok();
            let retry_after_ms = seconds.map_or(RETRY_AFTER_MS, |seconds| seconds.saturating_mul(1_000));
            return CallError::Busy { retry_after_ms };
        }
        match Problem::decode(&self.body) {
            Ok(problem) => CallError::Refused(problem),
            Err(error) => CallError::NoAnswer(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, content_type: &str, body: &[u8]) -> Answer {
        Answer { status, content_type: content_type.into(), retry_after: None, body: body.to_vec() }
    }

    fn problem() -> Problem {
        Problem { status: 429, code: "busy".into(), title: "Busy.".into(), detail: "Wait.".into() }
    }

    fn is_no_answer(result: Result<Vec<u8>, CallError>) -> bool {
        matches!(result, Err(CallError::NoAnswer(_)))
    }

    #[test]
    fn only_the_store_servers_own_success_is_a_reply() {
        assert_eq!(answer(200, CONTENT_TYPE, b"x").into_reply(), Ok(b"x".to_vec()));
        assert!(is_no_answer(answer(200, "text/html", b"<h1>Sign in to the network</h1>").into_reply()));
        assert!(is_no_answer(answer(502, "text/html", b"Bad gateway").into_reply()));
        assert!(is_no_answer(answer(204, "", b"").into_reply()));
    }

    #[test]
    fn a_reply_that_is_no_message_is_no_answer() {
        assert!(matches!(
            answer(200, CONTENT_TYPE, b"<html>").into_message::<u64>(),
            Err(CallError::NoAnswer(_))
        ));
    }

    #[test]
    fn a_page_is_one_whatever_it_is_served_as() {
        let bytes = page::pack(&[]);
        assert_eq!(answer(200, "application/octet-stream", &bytes).into_page(), Ok(bytes));
        assert!(is_no_answer(answer(200, "application/octet-stream", b"<html>").into_page()));
        assert!(is_no_answer(answer(200, "text/html", b"<html>").into_page()));
    }

    #[test]
    fn a_problem_is_a_refusal() {
        let refused = answer(409, PROBLEM_CONTENT_TYPE, &problem().encode()).into_reply();
        assert_eq!(refused, Err(CallError::Refused(problem())));
        assert!(is_no_answer(answer(409, PROBLEM_CONTENT_TYPE, b"<html>").into_reply()));
    }

    #[test]
    fn a_store_server_that_names_a_wait_is_busy() {
        let busy = |retry_after: &str| {
            let answer = answer(503, PROBLEM_CONTENT_TYPE, &problem().encode());
            Answer { retry_after: Some(retry_after.into()), ..answer }.into_reply()
        };
        assert_eq!(busy("7"), Err(CallError::Busy { retry_after_ms: 7_000 }));
        assert_eq!(busy("a date"), Err(CallError::Busy { retry_after_ms: RETRY_AFTER_MS }));
    }
}
