//! Rules that hold for every screen of both pages: all text from the message files, names for all that can be
//! operated, sizes for fingers, nothing wider than the screen.

use std::path::Path;

use holdfast_profile::default_profile;

use crate::Outcome;
use crate::browser::Browser;
use crate::store_server::workspace;

/// Least width and height of what is touched, CSS pixels.
const TOUCH_TARGET_PX_MIN: u32 = 44;
/// Columns of the demo shop's files whose texts are data, not messages.
const DATA_COLUMNS: [&str; 6] = ["name", "address", "tax_number", "receipt_footer", "sign", "country"];
/// What the browsers of these tests call themselves when they are activated.
const DEVICE_NAME: &str = "Chrome, Linux";
/// Symbols that are the same in every language.
const SYMBOLS: [&str; 2] = ["kg", "GBP"];

/// What breaks the rules on the page as it is shown now, in sentences.
///
/// # Errors
/// When the driver fails.
pub async fn breaches(browser: &Browser) -> Outcome<Vec<String>> {
    let found = browser.script(include_str!("scripts/breaches.js"), vec![TOUCH_TARGET_PX_MIN.into()]).await?;
    Ok(serde_json::from_value(found)?)
}

/// Who has signed in to the back office.
const ADMINISTRATOR: &str = "admin";

/// Names and other texts that come from the demo shop's data and its profile, longest first.
///
/// # Errors
/// When the files can't be read.
pub fn demo_texts() -> Outcome<Vec<String>> {
    let mut texts: Vec<String> = SYMBOLS.map(str::to_owned).to_vec();
    let profile = default_profile();
    texts.extend([profile.name, profile.description, DEVICE_NAME.to_owned(), ADMINISTRATOR.to_owned()]);
    texts.extend(profile.scopes.into_iter().flat_map(|scope| [scope.name, scope.description]));
    for entry in std::fs::read_dir(workspace().join("crates/store-server/demo"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let found = data_columns(&path)?;
            texts.extend(found.iter().filter_map(|text| initials(text)));
            texts.extend(found);
        }
    }
    texts.retain(|text| !text.is_empty());
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.dedup();
    Ok(texts)
}

fn data_columns(path: &Path) -> Outcome<Vec<String>> {
    let mut reader = csv::Reader::from_path(path)?;
    let columns: Vec<usize> = reader
        .headers()?
        .iter()
        .enumerate()
        .filter_map(|(at, name)| DATA_COLUMNS.contains(&name).then_some(at))
        .collect();
    let mut texts = Vec::new();
    for record in reader.records() {
        let record = record?;
        let fields = columns.iter().filter_map(|column| record.get(*column));
        texts.extend(fields.flat_map(|field| field.split("; ")).map(str::to_owned));
    }
    Ok(texts)
}

/// The initials of a person of two names, as on the sign-in screen.
fn initials(name: &str) -> Option<String> {
    let (first, last) = name.split_once(' ')?;
    Some(first.chars().chain(last.chars()).filter(|letter| letter.is_uppercase()).collect())
}

/// Texts on the page that did not come from the message files, though the page is shown in the pseudo-locale;
/// each with its place. `data` are texts that may stand anywhere.
///
/// # Errors
/// When the driver fails.
pub async fn texts_without_message(browser: &Browser, data: &[String]) -> Outcome<Vec<String>> {
    let found = browser.script(include_str!("scripts/visible_texts.js"), vec![]).await?;
    let texts: Vec<(String, String)> = serde_json::from_value(found)?;
    let mut offending: Vec<String> = texts
        .into_iter()
        .filter(|(_, text)| has_words(&without_data(&without_messages(text), data)))
        .map(|(place, text)| format!("{place}: “{text}”"))
        .collect();
    offending.sort();
    offending.dedup();
    Ok(offending)
}

/// The text less all that stands between the pseudo-locale's marks; a message may stand inside another.
fn without_messages(text: &str) -> String {
    let mut rest = text.to_owned();
    while let Some(end) = rest.find("!!]") {
        let Some(start) = rest.get(..end).and_then(|before| before.rfind("[!!")) else { break };
        rest.replace_range(start..end + "!!]".len(), " ");
    }
    rest
}

/// A datum of one word, such as the scope “Staff”, could hide a forgotten text: it counts only where it stands alone.
fn without_data(text: &str, data: &[String]) -> String {
    if data.iter().any(|datum| datum == text.trim()) {
        return String::new();
    }
    let phrases = data.iter().filter(|datum| datum.contains(' ') || SYMBOLS.contains(&datum.as_str()));
    phrases.fold(text.to_owned(), |rest, datum| rest.replace(datum.as_str(), " "))
}

/// Whether there are two letters in a row; single ones stand in codes such as `C1001` and in `×`.
fn has_words(text: &str) -> bool {
    let letters: Vec<bool> = text.chars().map(char::is_alphabetic).collect();
    letters.windows(2).any(|pair| pair.iter().all(|letter| *letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, is_offending: bool) {
        let data = ["White bloomer, large", "kg", "Staff"].map(str::to_owned);
        assert_eq!(has_words(&without_data(&without_messages(text), &data)), is_offending, "{text}");
    }

    #[test]
    fn a_text_is_found_where_it_did_not_come_from_a_message() {
        check("Pay", true);
        check("[!! Þåý !!] now", true);
        check("Rye loaf", true);
        check("Staff and more", true);
    }

    #[test]
    fn messages_data_and_amounts_pass() {
        check("[!! Ƥåý £2.40 !!]", false);
        check(" Staff ", false);
        check("[!! [!! 12 šåļëš !!] ŵåîŧ !!]", false);
        check("White bloomer, large · £2.40", false);
        check("1.240 kg × £16.90 · 0001-000007 · C1001", false);
    }

    #[test]
    fn the_demo_shop_names_its_products_its_staff_and_its_street() {
        let texts = demo_texts().unwrap();
        for expected in ["White bloomer, large", "Morag Ellery", "14 Market Street", "Standard rate"] {
            assert!(texts.iter().any(|text| text == expected), "{expected}");
        }
    }
}
