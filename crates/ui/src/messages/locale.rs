//! The language of the page: chosen once at start from the address, an earlier choice or the browser.

use std::cell::Cell;

/// A language the messages are there in. The order is that of the texts in the generated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locale {
    /// English.
    En = 0,
    /// The pseudo-locale made from English, for tests.
    Qps = 1,
}

/// Where an earlier choice is kept.
const STORAGE_KEY: &str = "holdfast-language";

thread_local! {
    static CHOSEN: Cell<Locale> = const { Cell::new(Locale::En) };
}

impl Locale {
    /// How many there are.
    pub const COUNT: usize = 2;

    /// The code in addresses and in `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Qps => "qps",
        }
    }

    /// The locale of a language tag such as `en-GB`; none when there are no messages in it.
    pub fn from_tag(tag: &str) -> Option<Locale> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        [Locale::En, Locale::Qps].into_iter().find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    /// Which way it is written, for `<html dir>`.
    pub fn direction(self) -> &'static str {
        match self {
            Locale::En | Locale::Qps => "ltr",
        }
    }

    /// The tag for the browser's own date formats.
    pub fn date_tag(self) -> &'static str {
        match self {
            Locale::En | Locale::Qps => "en-GB",
        }
    }

    /// Whether dates name their month. The browser's names would look like forgotten text in the
    /// pseudo-locale.
    pub fn names_months(self) -> bool {
        match self {
            Locale::En => true,
            Locale::Qps => false,
        }
    }
}

/// The chosen locale.
pub fn locale() -> Locale {
    CHOSEN.get()
}

/// Chooses a locale. What is already on the screen stays as it is.
pub fn set_locale(locale: Locale) {
    CHOSEN.set(locale);
}

/// Chooses the locale of this page: `?lang=` (and remembers it), else what was remembered, else the
/// browser's language, else English. Sets `lang` and `dir` of the document. Call before mounting.
pub fn choose_locale() {
    let Some(window) = web_sys::window() else { return };
    let storage = window.local_storage().ok().flatten();
    let asked = window.location().search().ok().and_then(|search| from_query(&search));
    if let (Some(asked), Some(storage)) = (asked, &storage)
        && let Err(error) = storage.set_item(STORAGE_KEY, asked.code())
    {
        // A full or forbidden storage costs the memory of the choice, nothing else.
        leptos::logging::warn!("the language is not remembered: {error:?}");
    }
    let remembered = || storage.and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
    let locale = asked
        .or_else(|| remembered().as_deref().and_then(Locale::from_tag))
        .or_else(|| window.navigator().language().as_deref().and_then(Locale::from_tag))
        .unwrap_or(Locale::En);
    set_locale(locale);
    if let Some(root) = window.document().and_then(|document| document.document_element()) {
        for (name, value) in [("lang", locale.code()), ("dir", locale.direction())] {
            if let Err(error) = root.set_attribute(name, value) {
                leptos::logging::warn!("{name} was not set: {error:?}");
            }
        }
    }
}

fn from_query(search: &str) -> Option<Locale> {
    let pairs = search.trim_start_matches('?').split('&');
    pairs.filter_map(|pair| pair.strip_prefix("lang=")).find_map(Locale::from_tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_a_language() {
        assert_eq!(from_query("?code=1&lang=qps"), Some(Locale::Qps));
        assert_eq!(from_query("?lang=en-GB"), Some(Locale::En));
        assert_eq!(from_query("?lang=xx"), None);
        assert_eq!(from_query(""), None);
    }
}
