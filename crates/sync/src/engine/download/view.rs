//! A table's view: what the profile says of the rows and columns that a register keeps of it.

use std::collections::BTreeSet;

use holdfast_profile::{Profile, ScopeTable, TableId};
use holdfast_protocol::{encode, page};

/// Digest of a table's view. Another digest means other rows or columns, also of rows that are older than the
/// table's cursor: the table is built anew.
pub(super) fn view_of(profile: &Profile, table: TableId) -> u64 {
    let Some((_, entry)) = profile.entry(table) else { return 0 };
    // Who wins a conflict decides nothing about rows and columns.
    let mut bytes = encode(&ScopeTable { conflict_rule: None, ..entry.clone() });
    for decides in deciding(profile, table) {
        bytes.push(decides.number());
        bytes.extend(encode(&profile.entry(decides).and_then(|(_, entry)| entry.filter.clone())));
        match decides {
            TableId::Product => bytes.extend(encode(&profile.offline_products)),
            TableId::Customer => bytes.extend(encode(&profile.offline_customers)),
            TableId::Store
            | TableId::Register
            | TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::TenderType
            | TableId::Category
            | TableId::Barcode
            | TableId::Price
            | TableId::Discount
            | TableId::Sale
            | TableId::Shift
            | TableId::SuspendedSale => {}
        }
    }
    let [a, b, c, d, e, f, g, h, ..] = page::address(&bytes);
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Tables whose kept rows decide which rows of `table` are kept: those it follows, and where it is filtered,
/// those whose rows bring along what they refer to.
fn deciding(profile: &Profile, table: TableId) -> BTreeSet<TableId> {
    let is_filtered =
        |table| profile.entry(table).is_some_and(|(_, entry): (_, &ScopeTable)| entry.filter.is_some());
    let mut decide = BTreeSet::from([table]);
    let mut to_follow = vec![table];
    while let Some(next) = to_follow.pop() {
        let followed = next.follows().into_iter();
        let brings_along =
            TableId::ALL.into_iter().filter(|of| is_filtered(next) && of.refers_to().contains(&next));
        to_follow.extend(followed.chain(brings_along).filter(|&found| decide.insert(found)));
    }
    decide
}

#[cfg(test)]
mod tests {
    use holdfast_profile::{OfflineProducts, default_profile};

    use super::*;

    #[test]
    fn other_products_are_another_view_of_what_follows_them_and_of_nothing_else() {
        let before = default_profile();
        let mut after = before.clone();
        after.offline_products = OfflineProducts::TopBySales { count: 100 };
        let changed: Vec<TableId> = before
            .download_tables()
            .into_iter()
            .filter(|&table| view_of(&before, table) != view_of(&after, table))
            .collect();
        assert_eq!(changed, [TableId::Product, TableId::Barcode, TableId::Price]);
    }

    #[test]
    fn a_profile_that_differs_in_its_timeouts_has_the_same_views() {
        let before = default_profile();
        let mut after = before.clone();
        after.device.offline_timeout_s += 1;
        assert!(
            before.download_tables().iter().all(|&table| view_of(&before, table) == view_of(&after, table))
        );
    }

    #[test]
    fn other_columns_are_another_view_of_that_table_alone() {
        let before = default_profile();
        let mut after = before.clone();
        for entry in after.scopes.iter_mut().flat_map(|scope| &mut scope.tables) {
            if entry.table == TableId::Product {
                entry.fields = Some(vec!["sku".into(), "name".into()]);
            }
        }
        let differs = |table| view_of(&before, table) != view_of(&after, table);
        assert!(differs(TableId::Product));
        assert!(!differs(TableId::Price) && !differs(TableId::Category));
    }
}
