//! Turning an activation code into this register's identity.

use holdfast_browser_store::{BrowserStoreError, Journal, RegisterIdentity};
use holdfast_protocol::PROTOCOL_VERSION;
use holdfast_protocol::messages::{ActivateReply, ActivateRequest};
use holdfast_protocol::problem::code;
use holdfast_sync::CallError;
use holdfast_sync::messages::ToPage;

use crate::http::Http;
use crate::register::{now_ms, random};

/// How long a person waits for an answer, milliseconds.
const ANSWER_WITHIN_MS: i64 = 15_000;

/// Why the register has no identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ActivationError {
    /// The store server gave none.
    #[error(transparent)]
    Call(#[from] CallError),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] BrowserStoreError),
}

/// Asks the store server for the identity behind a code, and keeps it.
///
/// The attempt has a name that is kept until it succeeds: when the answer is lost, the next try is the same
/// attempt, and the code is not used up.
pub(crate) async fn activate(
    journal: &Journal,
    code: &str,
    device_name: String,
) -> Result<(), ActivationError> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let attempt_id = journal.activation_attempt(&code, random()).await?;
    let request = ActivateRequest {
        code,
        protocol_version: PROTOCOL_VERSION,
        app_version: env!("CARGO_PKG_VERSION").to_owned(),
        device_name,
        attempt_id: attempt_id.into(),
    };
    let reply = Http::without_token().activate(&request, ANSWER_WITHIN_MS).await?;
    let ActivateReply { last_receipt_counter, last_seq, last_hash, .. } = reply;
    let last_shift_number = reply.last_shift_number.unwrap_or(0);
    let identity = RegisterIdentity {
        store_id: reply.store_id,
        store_name: reply.store_name,
        register_number: reply.register_number,
        register_name: reply.register_name,
        token: *reply.token,
        activated_at_ms: now_ms(),
    };
    journal.save_identity(identity, last_receipt_counter, last_shift_number, last_seq, *last_hash).await?;
    Ok(())
}

impl From<ActivationError> for ToPage {
    fn from(error: ActivationError) -> ToPage {
        let (code, message) = match error {
            ActivationError::Call(CallError::NoAnswer(_)) => (
                "no_answer".to_owned(),
                "The store server does not answer. The code is still good: check the network, then try again."
                    .to_owned(),
            ),
            ActivationError::Call(CallError::Refused(problem)) => (problem.code.clone(), problem.to_string()),
            ActivationError::Call(CallError::Busy { retry_after_ms }) => {
                let seconds = retry_after_ms.max(0) / 1_000 + 1;
                (code::BUSY.to_owned(), format!("The store server is busy. Try again in {seconds} s."))
            }
            ActivationError::Store(error @ BrowserStoreError::EntriesWait { .. }) => {
                ("entries_wait".to_owned(), error.to_string())
            }
            ActivationError::Store(error) => ("storage_failed".to_owned(), error.to_string()),
        };
        ToPage::ActivationFailed { code, message }
    }
}
