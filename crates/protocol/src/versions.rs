//! Which versions a peer speaks. A value, so that a test can run a peer of next month beside one of this month.

use crate::{PROTOCOL_VERSION, PROTOCOL_VERSION_MIN, SCHEMA_VERSION};

/// Header in which a register states the version of the wire protocol at requests whose message does not.
pub const PROTOCOL_VERSION_HEADER: &str = "holdfast-protocol-version";

/// What a register without that header speaks: the version that did not have it yet.
pub const PROTOCOL_VERSION_UNSTATED: u16 = 1;

/// Oldest protocol of which uploads are taken: all. The outbox's envelope is frozen, so that what a register
/// has sold can be sent however old its app is.
const UPLOADS_VERSION_MIN: u16 = 1;

/// The versions that a register or store server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// Oldest wire protocol that is understood in full.
    pub protocol_min: u16,
    /// Newest wire protocol; what a register says of itself.
    pub protocol: u16,
    /// Version of the rows' schema.
    pub schema: u32,
}

impl Versions {
    /// Those of this build.
    pub const OF_THIS_BUILD: Versions =
        Versions { protocol_min: PROTOCOL_VERSION_MIN, protocol: PROTOCOL_VERSION, schema: SCHEMA_VERSION };

    /// Whether a peer of this version is understood in full.
    pub fn speaks(self, version: u16) -> bool {
        (self.protocol_min..=self.protocol).contains(&version)
    }

    /// Whether a register of this version may do no more than upload.
    pub fn is_too_old(self, version: u16) -> bool {
        version < self.protocol_min
    }

    /// Whether an upload of this version can be taken.
    pub fn takes_uploads_of(self, version: u16) -> bool {
        (UPLOADS_VERSION_MIN..=self.protocol).contains(&version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_register_uploads_and_no_more() {
        let next_year = Versions { protocol_min: 3, protocol: 4, schema: 9 };
        let may = |version| (next_year.takes_uploads_of(version), next_year.speaks(version));
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(may).map(|(uploads, _)| uploads),
            [false, true, true, true, true, false]
        );
        assert_eq!([0, 1, 2, 3, 4, 5].map(may).map(|(_, all)| all), [false, false, false, true, true, false]);
        assert!(next_year.is_too_old(2) && !next_year.is_too_old(3) && !next_year.is_too_old(5));
    }
}
