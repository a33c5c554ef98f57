//! Moving things in a list, and what was typed about them with them: typed texts are known by paths such as
//! `scopes[2].tables[0].filter`, whose numbers change when something before them goes or moves.

use std::collections::BTreeMap;

/// Moves an item to another place; an item or place that is not there changes nothing.
pub fn move_item<T>(items: &mut Vec<T>, from: usize, to: usize) {
    if from < items.len() && to < items.len() {
        let item = items.remove(from);
        items.insert(to, item);
    }
}

/// The place of an item after another one was moved.
pub fn place_after_move(place: usize, from: usize, to: usize) -> usize {
    if place == from {
        to
    } else if from < place && place <= to {
        place - 1
    } else if to <= place && place < from {
        place + 1
    } else {
        place
    }
}

/// The same texts after the item at `from` of the list at `list` was moved.
pub fn paths_after_move<T>(
    texts: BTreeMap<String, T>,
    list: &str,
    from: usize,
    to: usize,
) -> BTreeMap<String, T> {
    with_places(texts, list, |place| Some(place_after_move(place, from, to)))
}

/// The texts that stay after the item at `removed` of the list at `list` went.
pub fn paths_after_removal<T>(texts: BTreeMap<String, T>, list: &str, removed: usize) -> BTreeMap<String, T> {
    with_places(texts, list, |place| match place.cmp(&removed) {
        std::cmp::Ordering::Less => Some(place),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(place - 1),
    })
}

/// Texts that are not about anything at or below a path.
pub fn paths_outside<T>(mut texts: BTreeMap<String, T>, path: &str) -> BTreeMap<String, T> {
    texts.retain(|key, _| !is_at_or_below(key, path));
    texts
}

/// Whether a path names the same as another, or a part of it.
pub fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// The place in a list and what follows it: `2` and `.name` of `scopes[2].name` in the list `scopes`.
pub fn place_in<'path>(path: &'path str, list: &str) -> Option<(usize, &'path str)> {
    let (place, rest) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    Some((place.parse().ok()?, rest))
}

fn with_places<T>(
    texts: BTreeMap<String, T>,
    list: &str,
    place_now: impl Fn(usize) -> Option<usize>,
) -> BTreeMap<String, T> {
    let moved = texts.into_iter().filter_map(|(path, text)| {
        let Some((place, rest)) = place_in(&path, list) else { return Some((path, text)) };
        place_now(place).map(|place| (format!("{list}[{place}]{rest}"), text))
    });
    moved.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(paths: &[&str]) -> BTreeMap<String, usize> {
        paths.iter().enumerate().map(|(at, path)| ((*path).to_owned(), at)).collect()
    }

    #[test]
    fn a_move_takes_what_was_typed_along() {
        let typed = texts(&["device.offline_timeout_s", "scopes[0].frequency", "scopes[2].frequency"]);
        let moved = paths_after_move(typed, "scopes", 2, 0);
        assert_eq!(moved.get("scopes[0].frequency"), Some(&2));
        assert_eq!(moved.get("scopes[1].frequency"), Some(&1));
        assert_eq!(moved.get("device.offline_timeout_s"), Some(&0));
    }

    #[test]
    fn what_was_typed_about_a_thing_goes_with_it() {
        let typed = texts(&[
            "scopes[1].frequency",
            "scopes[10].frequency",
            "scopes[2].tables[0].filter.parts[1].test",
        ]);
        let left = paths_after_removal(typed, "scopes", 1);
        assert_eq!(
            left,
            [
                ("scopes[9].frequency".to_owned(), 1),
                ("scopes[1].tables[0].filter.parts[1].test".to_owned(), 2)
            ]
            .into()
        );
    }

    #[test]
    fn places_follow_the_items_for_every_move_of_a_short_list() {
        for from in 0..5 {
            for to in 0..5 {
                let mut items = vec![0, 1, 2, 3, 4];
                move_item(&mut items, from, to);
                for item in 0..5 {
                    assert_eq!(items[place_after_move(item, from, to)], item, "{from} to {to}");
                }
            }
        }
    }

    #[test]
    fn a_move_beyond_the_list_changes_nothing() {
        let mut items = vec![1, 2];
        move_item(&mut items, 1, 2);
        move_item(&mut items, 5, 0);
        assert_eq!(items, [1, 2]);
    }

    #[test]
    fn a_path_is_below_another_only_at_a_border() {
        assert!(is_at_or_below("scopes[1].tables", "scopes[1]"));
        assert!(is_at_or_below("scopes[1]", "scopes[1]"));
        assert!(!is_at_or_below("scopes[10]", "scopes[1"));
        assert!(!is_at_or_below("names", "name"));
    }
}
