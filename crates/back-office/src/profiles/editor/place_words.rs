//! The fields of a profile in words, as merge conflicts and change plans name them.

use holdfast_profile::TableId;
use holdfast_ui::messages::profiles as text;

use crate::profiles::words::table_label;

/// A field in words; its path where this page does not know it.
pub fn field_words(field: &str) -> String {
    if let Some(setting) = setting_words(field) {
        return setting.to_owned();
    }
    if let Some((name, part)) = named_and_part(field, "scopes") {
        return with_part(text::field_scope(&name), &part);
    }
    if let Some((name, part)) = named_and_part(field, "library") {
        return with_part(text::field_scope_of_store(&name), &part);
    }
    if let Some(rest) = field.strip_prefix("tables.") {
        let (name, part) = rest.split_once('.').unwrap_or((rest, ""));
        // The second of two is written `name#2`.
        let name = name.split('#').next().unwrap_or(name);
        let label =
            TableId::from_name(name).map_or_else(|| name.to_owned(), |table| table_label(table).to_owned());
        return with_part(text::field_table(&label), part);
    }
    field.to_owned()
}

/// The table that a field is about, where it is about one.
pub fn table_of(field: &str) -> Option<TableId> {
    let name = field.strip_prefix("tables.")?.split(['.', '#']).next()?;
    TableId::from_name(name)
}

fn setting_words(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => text::name(),
        "description" => text::description(),
        "scopes" => text::field_order(),
        "device.offline_timeout_s" => text::offline_timeout(),
        "device.reconnect_interval_min" => text::reconnect_interval(),
        "device.health_check_s" => text::health_check(),
        "device.check_for_new_database" => text::check_for_new_database(),
        "device.upload_transactions" => text::upload_transactions(),
        "device.upload_batch_entries" => text::upload_batch(),
        "device.browser_online_hint" => text::online_hint(),
        "device.image_folder" => text::image_folder(),
        "device.data_export_folder" => text::data_export_folder(),
        "device.database_export_schedule" => text::export_schedule(),
        "device.slow_is_offline" => text::slow_is_offline(),
        "offline_products" => text::offline_products(),
        "offline_customers" => text::offline_customers(),
        _ => return None,
    })
}

/// The name and the part in `scopes["Staff"].direction`; the name is quoted as Rust has it.
fn named_and_part(field: &str, of: &str) -> Option<(String, String)> {
    let rest = field.strip_prefix(of)?.strip_prefix("[\"")?;
    let end = rest.rfind("\"]")?;
    let name = rest.get(..end)?.replace("\\\"", "\"").replace("\\\\", "\\");
    let part = rest.get(end + 2..)?.trim_start_matches(|c: char| c == '#' || c.is_ascii_digit());
    Some((name, part.trim_start_matches('.').to_owned()))
}

fn with_part(whole: String, part: &str) -> String {
    let part = match part {
        "" => return whole,
        "scope" => text::part_scope(),
        "fields" => text::part_fields(),
        "filter" => text::part_filter(),
        "conflict_rule" => text::part_conflict_rule(),
        "tables" => text::part_tables(),
        "direction" => text::part_direction(),
        "frequency" => text::part_frequency(),
        "name" => text::part_name(),
        "description" => text::part_description(),
        other => other,
    };
    text::field_of(&whole, part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_scopes_and_tables_are_named() {
        assert_eq!(field_words("device.offline_timeout_s"), "Offline timeout (sec)");
        assert_eq!(field_words("scopes[\"Staff\"].direction"), "Scope “Staff”: direction");
        assert_eq!(field_words("scopes[\"a \\\"b\\\"\"]"), "Scope “a \"b\"”");
        assert_eq!(field_words("scopes[\"Staff\"]#2.name"), "Scope “Staff”: name");
        assert_eq!(field_words("tables.product.filter"), "Table Products: row filter");
        assert_eq!(field_words("tables.product#2"), "Table Products");
        assert_eq!(field_words("library[\"Staff\"]"), "Scope “Staff” of the store");
        assert_eq!(field_words("later.setting"), "later.setting");
        assert_eq!(table_of("tables.product#2.filter"), Some(TableId::Product));
        assert_eq!(table_of("scopes"), None);
    }
}
