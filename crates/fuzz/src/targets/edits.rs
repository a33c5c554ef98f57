//! Edits of rows: read, held against the catalogue, and merged into a row.

use std::collections::BTreeMap;

use holdfast_profile::{ConflictRule, EncodedRow};
use holdfast_protocol::checked_edit::CheckedEdit;
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::row_merge::{Winner, merge};
use holdfast_protocol::{decode, encode};

use super::{Target, Verdict};
use crate::samples;

pub(super) const TARGETS: &[Target] = &[Target::message("row_edit", &["row_edit"], edit)];

const RULES: [ConflictRule; 3] = [ConflictRule::ServerWins, ConflictRule::RegisterWins, ConflictRule::Latest];

fn edit(bytes: &[u8]) -> Verdict {
    let Ok(edit) = decode::<RowEdit>(bytes) else { return Verdict::Refused };
    assert_eq!(decode::<RowEdit>(&encode(&edit)).as_ref(), Ok(&edit));
    let checked = match CheckedEdit::check(&edit) {
        Ok(checked) => checked,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            return Verdict::Taken;
        }
    };
    let row = samples::frozen("customer_row");
    for (rule, row) in RULES.into_iter().flat_map(|rule| [(rule, row.as_deref()), (rule, None)]) {
        let Ok(merged) = merge(row, &checked, rule, &BTreeMap::new()) else { continue };
        assert!(EncodedRow::read(checked.table, &merged.row).is_ok());
        // Merged once more it changes nothing, unless the server's value stands.
        let kept_the_servers = merged.conflicts.iter().any(|conflict| conflict.won == Winner::Server);
        if !kept_the_servers {
            let again = merge(Some(&merged.row), &checked, rule, &BTreeMap::new());
            assert_eq!(again.map(|again| (again.row, again.changed)), Ok((merged.row, Vec::new())));
        }
    }
    Verdict::Taken
}
