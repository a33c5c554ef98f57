//! Where on the page a field is, by the path that findings and merge conflicts have for it.

use std::collections::BTreeMap;

use holdfast_profile::Finding;

use super::reorder::{is_at_or_below, place_in};

/// A part of the editor.
pub const GENERAL: &str = "general";
/// Scopes in their order.
pub const LINES: &str = "lines";
/// The device configuration.
pub const DEVICE: &str = "device";
/// Offline products.
pub const PRODUCTS: &str = "products";
/// Offline customers.
pub const CUSTOMERS: &str = "customers";
/// Published versions.
pub const VERSIONS: &str = "versions";

/// The tab of a field.
pub fn tab_of(field: &str) -> &'static str {
    let tabs = [
        ("scopes", LINES),
        ("tables", LINES),
        ("device", DEVICE),
        ("offline_products", PRODUCTS),
        ("offline_customers", CUSTOMERS),
    ];
    tabs.into_iter().find(|(path, _)| is_at_or_below(field, path)).map_or(GENERAL, |(_, tab)| tab)
}

/// The place of the scope that a field is of.
pub fn scope_of(field: &str) -> Option<usize> {
    place_in(field, "scopes").map(|(place, _)| place)
}

/// How many findings each tab has.
pub fn counts_by_tab(findings: &[Finding]) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(tab_of(&finding.field)).or_insert(0) += 1;
    }
    counts
}

/// A field's path and those above it, the nearest first: `a[1].b`, `a[1]`, `a`.
pub fn paths_to(field: &str) -> Vec<&str> {
    let mut paths = vec![field];
    let mut path = field;
    while let Some(end) = path.rfind(['.', '[']) {
        path = &path[..end];
        paths.push(path);
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::{DeviceConfiguration, Profile, default_profile, validate};

    #[test]
    fn findings_are_counted_on_the_tab_where_they_are_mended() {
        let mut profile = default_profile();
        profile.name = String::new();
        profile.device =
            DeviceConfiguration { offline_timeout_s: 0, reconnect_interval_min: 0, ..profile.device };
        profile.scopes[2].tables.clear();
        let profile = Profile {
            offline_products: holdfast_profile::OfflineProducts::TopBySales { count: 0 },
            ..profile
        };
        let counts = counts_by_tab(&validate(&profile));
        assert_eq!(counts, [(GENERAL, 1), (LINES, 1), (DEVICE, 2), (PRODUCTS, 1)].into());
    }

    #[test]
    fn a_field_is_found_by_the_nearest_path_on_the_page() {
        let paths = ["scopes[1].tables[0].fields[2]", "scopes[1].tables[0].fields", "scopes[1].tables[0]"];
        assert_eq!(paths_to(paths[0])[..3], paths);
        assert_eq!(paths_to(paths[0]).last(), Some(&"scopes"));
        assert_eq!(paths_to("name"), ["name"]);
        assert_eq!(scope_of("scopes[12].tables[0]"), Some(12));
        assert_eq!(scope_of("scopes"), None);
    }
}
