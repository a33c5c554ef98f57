//! Errors on the wire: RFC 9290 concise problem details, the CBOR sibling of RFC 9457.

use minicbor::{Decoder, Encoder};

use crate::CodecError;

/// Content type of a problem (RFC 9290, section 6).
pub const PROBLEM_CONTENT_TYPE: &str = "application/concise-problem-details+cbor";

// Standard keys of RFC 9290; the custom key 1 is Holdfast's machine-readable code.
const TITLE: i64 = -1;
const DETAIL: i64 = -2;
const STATUS: i64 = -4;
const CODE: i64 = 1;

/// What the store server answers instead of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{title} {detail}")]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// For programs, such as `activation_code_used`; see [`code`].
    pub code: String,
    /// For people: what happened.
    pub title: String,
    /// For people: what is safe, what to do.
    pub detail: String,
}

/// Codes that a register acts upon.
pub mod code {
    /// No such activation code, or it has run out.
    pub const ACTIVATION_CODE_UNKNOWN: &str = "activation_code_unknown";
    /// The activation code was used before.
    pub const ACTIVATION_CODE_USED: &str = "activation_code_used";
    /// Too many tries; wait.
    pub const TOO_MANY_ATTEMPTS: &str = "too_many_attempts";
    /// The register's token is not, or no longer, known: it must be activated again.
    pub const REGISTER_UNKNOWN: &str = "register_unknown";
    /// The body is not the message it should be.
    pub const MALFORMED: &str = "malformed";
    /// The body is larger than allowed.
    pub const TOO_LARGE: &str = "too_large";
    /// The peer speaks a version of the protocol that this build doesn't.
    pub const VERSION_UNKNOWN: &str = "version_unknown";
    /// The upload does not go on where the store server's journal of the register ends.
    pub const SEQUENCE_GAP: &str = "sequence_gap";
    /// An entry's hash or its link to the one before is wrong.
    pub const CHAIN_BROKEN: &str = "chain_broken";
    /// The table is not in the register's profile, or not in this direction.
    pub const TABLE_NOT_IN_PROFILE: &str = "table_not_in_profile";
    /// Nothing has this address.
    pub const NOT_FOUND: &str = "not_found";
    /// The store server itself failed; nothing was changed.
    pub const INTERNAL: &str = "internal";
    /// The store server has too much to do; try again later.
    pub const BUSY: &str = "busy";
}

impl Problem {
    /// Encodes the problem.
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        match self.write(&mut encoder) {
            Ok(()) => encoder.into_writer(),
            // Writing to a Vec can't fail.
            Err(error) => unreachable!("encoding to memory failed: {error}"),
        }
    }

    fn write(
        &self,
        encoder: &mut Encoder<Vec<u8>>,
    ) -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        encoder.map(4)?;
        encoder.i64(TITLE)?.str(&self.title)?;
        encoder.i64(DETAIL)?.str(&self.detail)?;
        encoder.i64(STATUS)?.u16(self.status)?;
        encoder.i64(CODE)?.str(&self.code)?;
        Ok(())
    }

    /// Decodes a problem; keys it doesn't know are passed over.
    ///
    /// # Errors
    /// [`CodecError`] when the bytes are not a problem.
    pub fn decode(bytes: &[u8]) -> Result<Problem, CodecError> {
        Self::read(&mut Decoder::new(bytes)).map_err(|error| CodecError::Malformed(error.to_string()))
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Problem, minicbor::decode::Error> {
        let mut problem =
            Problem { status: 0, code: String::new(), title: String::new(), detail: String::new() };
        let entries = decoder.map()?.ok_or_else(|| minicbor::decode::Error::message("indefinite map"))?;
        for _ in 0..entries {
            if decoder.datatype()? == minicbor::data::Type::String {
                decoder.skip()?;
                decoder.skip()?;
                continue;
            }
            match decoder.i64()? {
                TITLE => problem.title = decoder.str()?.to_owned(),
                DETAIL => problem.detail = decoder.str()?.to_owned(),
                STATUS => problem.status = decoder.u16()?,
                CODE => problem.code = decoder.str()?.to_owned(),
                _ => decoder.skip()?,
            }
        }
        Ok(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_survives_the_wire() {
        let problem = Problem {
            status: 409,
            code: code::ACTIVATION_CODE_USED.into(),
            title: "This code was used.".into(),
            detail: "Ask for a new one.".into(),
        };
        assert_eq!(Problem::decode(&problem.encode()), Ok(problem));
    }

    #[test]
    fn what_is_not_a_problem_is_an_error() {
        assert!(Problem::decode(b"<html>").is_err());
        assert!(Problem::decode(b"").is_err());
    }
}
