//! What the admin API names, in words.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Icon, Tone};

/// An entry's kind.
pub fn kind(kind: &str) -> String {
    match kind {
        "sale" => text::kind_sale().to_owned(),
        "shift" => text::kind_shift().to_owned(),
        "row_edit" => text::kind_row_edit().to_owned(),
        other => text::kind_unknown(other),
    }
}

/// What can be done with an entry.
pub fn action(action: &str) -> String {
    match action {
        "apply" => text::mend_apply().to_owned(),
        "apply_although" => text::mend_apply_although().to_owned(),
        "set_aside" => text::mend_set_aside().to_owned(),
        "take_back" => text::mend_take_back().to_owned(),
        other => other.to_owned(),
    }
}

/// What it means to do it.
pub fn action_detail(action: &str) -> &'static str {
    match action {
        "apply" => text::mend_apply_detail(),
        "apply_although" => text::mend_apply_although_detail(),
        "set_aside" => text::mend_set_aside_detail(),
        "take_back" => text::mend_take_back_detail(),
        _ => "",
    }
}

/// How an entry stands: in a word, what the word means, and its picture.
pub fn state(state: &str) -> (&'static str, Tone, Icon) {
    match state {
        "applied" => (text::state_applied(), Tone::Ok, Icon::Tick),
        "set_aside" => (text::state_set_aside(), Tone::Neutral, Icon::Clock),
        _ => (text::state_open(), Tone::Bad, Icon::Refused),
    }
}

/// What is safe, and whether anything waits.
pub fn what_is_safe(state: &str) -> &'static str {
    match state {
        "applied" => text::entry_applied(),
        "set_aside" => text::entry_set_aside(),
        _ => text::what_is_safe(),
    }
}
