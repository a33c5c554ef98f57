//! Views: which rows and columns of some tables the registers of a profile keep.
//!
//! A table that a profile keeps whole needs no view: its registers read what the store server has. Of any other
//! table the store server keeps a copy as those registers see it. Tables whose rows refer to a copied one are
//! copied with it, whole or not, so that no row is ever newer than a copy that lacks what it refers to.
//!
//! Filters may ask related rows: these are read where the store server has them, in the view or not, and a change of
//! theirs may bring rows of the view or take them away ([`View::read_tables`]).
//!
//! Pure: rows are handed in, one by one, and what sales decide is handed in as keys ([`ChosenBySales`]).

mod members;
mod related;

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

pub use members::{ChosenBySales, Members};
pub use related::RelatedValues;

use crate::known::is_default;
use crate::{Column, OfflineCustomers, OfflineProducts, Profile, ScopeTable, TableId};

/// Some tables as the registers of certain profiles keep them. Profiles that say the same of these tables have the
/// same view, whatever else they say: it is known by its bytes in CBOR.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct View {
    // By table number, so that a table comes after those that it refers to.
    #[n(0)]
    tables: Vec<ScopeTable>,
    // All where products are not of this view.
    #[n(1)]
    #[cbor(default, skip_if = "is_default")]
    offline_products: OfflineProducts,
    // All where customers are not of this view.
    #[n(2)]
    #[cbor(default, skip_if = "is_default")]
    offline_customers: OfflineCustomers,
}

impl View {
    /// The views of a profile: no two have a table in common, and tables that no view has are kept whole.
    pub fn all_of(profile: &Profile) -> Vec<View> {
        let mut left = copied_tables(profile);
        let mut views = Vec::new();
        while let Some(first) = left.pop_first() {
            let mut family = BTreeSet::from([first]);
            let mut to_follow = vec![first];
            while let Some(next) = to_follow.pop() {
                let related = |other: TableId| refers(profile, next, other) || refers(profile, other, next);
                let found: Vec<TableId> = left.iter().copied().filter(|&other| related(other)).collect();
                left.retain(|table| !found.contains(table));
                family.extend(&found);
                to_follow.extend(found);
            }
            views.push(View::of_family(profile, &family));
        }
        views
    }

    fn of_family(profile: &Profile, family: &BTreeSet<TableId>) -> View {
        let entries = family.iter().filter_map(|&table| profile.entry(table));
        let tables = entries.map(|(_, entry)| tidied(entry)).collect();
        let offline_products = if family.contains(&TableId::Product) {
            profile.offline_products.clone()
        } else {
            OfflineProducts::All
        };
        let offline_customers = if family.contains(&TableId::Customer) {
            profile.offline_customers
        } else {
            OfflineCustomers::AllOfThisStore
        };
        View { tables, offline_products, offline_customers }
    }

    /// Its tables, each after those that it refers to.
    pub fn tables(&self) -> impl DoubleEndedIterator<Item = TableId> {
        self.tables.iter().map(|entry| entry.table)
    }

    /// The tables whose rows decide what it keeps: its own, and those of related rows that its filters ask.
    pub fn read_tables(&self) -> BTreeSet<TableId> {
        self.tables().chain(self.asked_columns().map(|(table, _)| table)).collect()
    }

    /// Columns of related rows that its filters ask, each with the table of those rows.
    fn asked_columns(&self) -> impl Iterator<Item = (TableId, &'static Column)> {
        let filters = self.tables.iter().filter_map(|entry| Some((entry.table, entry.filter.as_ref()?)));
        filters.flat_map(|(table, filter)| {
            let asked = filter.conditions().filter_map(move |one| table.filter_column(&one.column));
            asked.filter_map(|found| Some((found.of?.table, found.column)))
        })
    }

    /// What it keeps of a table by filter and field list, if it has the table.
    pub fn entry(&self, table: TableId) -> Option<&ScopeTable> {
        self.tables.iter().find(|entry| entry.table == table)
    }

    /// Which products it keeps, if it has them.
    pub fn offline_products(&self) -> &OfflineProducts {
        &self.offline_products
    }

    /// Which customers it keeps, if it has them.
    pub fn offline_customers(&self) -> OfflineCustomers {
        self.offline_customers
    }

    /// Whether sales and the passing of days change what it keeps.
    pub fn changes_with_sales(&self) -> bool {
        let products = match self.offline_products {
            OfflineProducts::All | OfflineProducts::Categories { .. } => false,
            OfflineProducts::SoldInLastDays { .. } | OfflineProducts::TopBySales { .. } => true,
        };
        let customers = match self.offline_customers {
            OfflineCustomers::AllOfThisStore | OfflineCustomers::None => false,
            OfflineCustomers::SeenInLastDays { .. } => true,
        };
        products || customers
    }

    /// Whether it may lack rows of a table.
    fn lacks_rows(&self, table: TableId) -> bool {
        let chosen = match table {
            TableId::Product => self.offline_products != OfflineProducts::All,
            TableId::Customer => self.offline_customers != OfflineCustomers::AllOfThisStore,
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
            | TableId::SuspendedSale => false,
        };
        let filtered = self.entry(table).is_some_and(|entry| entry.filter.is_some());
        chosen || filtered || table.follows().is_some_and(|followed| self.lacks_rows(followed))
    }
}

/// Tables of which the profile's registers don't keep all rows and columns, and those that refer to them.
fn copied_tables(profile: &Profile) -> BTreeSet<TableId> {
    let downloaded: BTreeSet<TableId> = profile.download_tables().into_iter().collect();
    let whole = View::of_family(profile, &downloaded);
    let mut copied: BTreeSet<TableId> = downloaded
        .iter()
        .copied()
        .filter(|&table| whole.lacks_rows(table) || whole.entry(table).is_some_and(|e| e.fields.is_some()))
        .collect();
    loop {
        let more: Vec<TableId> = downloaded
            .iter()
            .copied()
            .filter(|one| !copied.contains(one) && copied.iter().any(|&other| refers(profile, *one, other)))
            .collect();
        if more.is_empty() {
            return copied;
        }
        copied.extend(more);
    }
}

/// Whether a column that is kept of one table names rows of the other.
fn refers(profile: &Profile, one: TableId, other: TableId) -> bool {
    let kept = profile.entry(one).map(|(_, entry)| entry.kept_columns()).unwrap_or_default();
    kept.iter().any(|column| column.refers_to == Some(other))
}

/// The same entry, said in one way: columns in the table's order, and no list where it leaves none out.
fn tidied(entry: &ScopeTable) -> ScopeTable {
    let kept = entry.kept_columns();
    let fields = (kept.len() < entry.table.columns().len())
        .then(|| kept.iter().map(|column| column.name.to_owned()).collect());
    // Who wins a conflict decides nothing about rows and columns.
    ScopeTable { table: entry.table, fields, filter: entry.filter.clone(), conflict_rule: None }
}
