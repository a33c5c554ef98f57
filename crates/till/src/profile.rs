//! What the till itself goes by of its profile: where exports go and when, and whether all products and customers are
//! here.

use holdfast_profile::{Need, Profile, TableId};
use leptos::logging::warn;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::till::Till;

/// Reads the profile again whenever the register has another version of it.
pub fn follow(till: Till) {
    let version = Memo::new(move |_| {
        let status = till.connection.status;
        status.with(|status| {
            status.as_ref().and_then(|status| status.profile.as_ref().map(|(_, version)| *version))
        })
    });
    Effect::new(move |_| {
        // Asked for its value: nobody else does, and a memo that is only tracked never looks.
        version.get();
        read(till);
    });
}

/// Reads the profile.
pub fn read(till: Till) {
    let Some(scopes) = till.scopes() else { return };
    spawn_local(async move {
        match scopes.profile().await {
            Ok(profile) => {
                let profile = profile.map(|(_, profile)| profile);
                till.keeps_all_products.set(profile.as_ref().is_none_or(keeps_all_products));
                till.keeps_all_customers.set(profile.as_ref().is_none_or(keeps_all_customers));
                till.exports.device.set(profile.map(|profile| {
                    (profile.device.data_export_folder, profile.device.database_export_schedule)
                }));
            }
            Err(error) => warn!("the profile can't be read: {error}"),
        }
    });
}

/// Whether a code that is not here is nowhere in the store.
fn keeps_all_products(profile: &Profile) -> bool {
    [TableId::Product, TableId::Barcode].into_iter().all(|table| Need::EveryRow { table }.is_met(profile))
}

/// Whether a customer who is not here is none of the store's.
fn keeps_all_customers(profile: &Profile) -> bool {
    Need::EveryRow { table: TableId::Customer }.is_met(profile)
}

#[cfg(test)]
mod tests {
    use holdfast_profile::{OfflineProducts, RowFilter, Test, default_profile};

    use super::*;

    #[test]
    fn a_profile_keeps_all_products_unless_it_chooses_some_or_filters_them_or_their_codes() {
        assert!(keeps_all_products(&default_profile()));
        let mut some = default_profile();
        some.offline_products = OfflineProducts::TopBySales { count: 9 };
        assert!(!keeps_all_products(&some));
        for table in [TableId::Product, TableId::Barcode] {
            let mut filtered = default_profile();
            let entries = filtered.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
            for entry in entries.filter(|entry| entry.table == table) {
                entry.filter = Some(RowFilter::of("sku", Test::Contains { text: "10".into() }));
            }
            assert!(!keeps_all_products(&filtered), "{table}");
        }
    }
}
