//! The choice of offline products and customers.

use std::collections::HashSet;

use super::text::{check_characters, check_length, is_blank};
use super::{Finding, NAME_CHARS_MAX, add, check_range};
use crate::{
    LOOK_BACK_DAYS_MAX, OFFLINE_CATEGORIES_MAX, OfflineCustomers, OfflineProducts, Profile, TOP_PRODUCTS_MAX,
    TableId,
};

pub(super) fn check(findings: &mut Vec<Finding>, profile: &Profile) {
    let field = "offline_products";
    match &profile.offline_products {
        OfflineProducts::All => {}
        OfflineProducts::Categories { codes } => check_categories(findings, codes),
        OfflineProducts::SoldInLastDays { days } => {
            check_range(findings, field, "Products sold lately", "days", *days, 1..=LOOK_BACK_DAYS_MAX);
        }
        OfflineProducts::TopBySales { count } => {
            check_range(findings, field, "The best sellers", "products", *count, 1..=TOP_PRODUCTS_MAX);
        }
    }
    if profile.offline_products != OfflineProducts::All {
        check_table(findings, profile, field, TableId::Product);
    }
    let field = "offline_customers";
    match profile.offline_customers {
        OfflineCustomers::AllOfThisStore | OfflineCustomers::None => {}
        OfflineCustomers::SeenInLastDays { days } => {
            check_range(findings, field, "Customers seen lately", "days", days, 1..=LOOK_BACK_DAYS_MAX);
            check_table(findings, profile, field, TableId::Customer);
        }
    }
}

fn check_categories(findings: &mut Vec<Finding>, codes: &[String]) {
    let field = "offline_products";
    if codes.is_empty() {
        add(
            findings,
            field,
            "Offline products names no category.",
            "Choose at least one, or keep all products.",
        );
    }
    if codes.len() > OFFLINE_CATEGORIES_MAX {
        add(
            findings,
            field,
            format!("Offline products names {} categories.", codes.len()),
            format!("Keep {OFFLINE_CATEGORIES_MAX} or fewer."),
        );
    }
    let mut seen = HashSet::new();
    for (index, code) in codes.iter().enumerate() {
        let field = format!("{field}.codes[{index}]");
        if is_blank(code) {
            add(findings, &field, "The category's code is empty.", "Choose a category or remove the entry.");
        } else if !seen.insert(code) {
            add(
                findings,
                &field,
                format!("Category “{code}” is named twice."),
                "Remove one of the two entries.",
            );
        }
        check_length(findings, &field, "The category's code", code, NAME_CHARS_MAX);
        check_characters(findings, &field, "The category's code", code);
    }
}

fn check_table(findings: &mut Vec<Finding>, profile: &Profile, field: &str, table: TableId) {
    if profile.entry(table).is_none() {
        add(
            findings,
            field,
            format!("Some rows are chosen, but no scope holds the table {table}."),
            "Add the table to a scope or keep all.",
        );
    }
}
