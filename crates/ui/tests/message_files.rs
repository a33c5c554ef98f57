//! What the message files may say, and that everything else fails the build with its line.

use crate::generate;
use crate::message_file::{Texts, read};

#[test]
fn a_text_and_its_arguments_are_read() {
    let messages = read("# why\n\nsince = \"Since {time}, {#count} \\\"kept\\\", {time}\"\n").unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].texts, Texts::Single("Since {time}, {#count} \"kept\", {time}".to_owned()));
    let names: Vec<_> = messages[0].arguments.iter().map(|one| (one.name.as_str(), one.is_number)).collect();
    assert_eq!(names, [("time", false), ("count", true)]);
}

#[test]
fn a_plural_counts_the_first_number_of_its_other_form() {
    let messages = read("w.one = \"A sale in {place}\"\nw.other = \"{#n} sales in {place}\"\n").unwrap();
    assert!(matches!(messages[0].texts, Texts::Plural { counted: 0, .. }));
    let code = generate::module("m", &messages);
    assert!(code.contains("pub fn w(n: u64, place: &str) -> String"), "{code}");
    assert!(code.contains("[\"A sale in {1}\", \"[!! Å šåłë îñ {1} !!]\"]"), "{code}");
}

#[test]
fn a_message_without_arguments_costs_no_allocation() {
    let code = generate::module("m", &read("pay = \"Pay\"").unwrap());
    assert!(code.contains("pub fn pay() -> &'static str"), "{code}");
}

#[test]
fn what_is_not_understood_is_named_with_its_line() {
    for (file, line, part) in [
        ("a = \"x\"\na = \"y\"", 2, "twice"),
        ("a.one = \"x\"\na = \"y\"", 2, "twice"),
        ("a.few = \"x\"", 1, ".one and .other"),
        ("a.one = \"x\"", 1, "a.other"),
        ("a.one = \"x\"\na.other = \"y\"", 1, "needs a number"),
        ("a.one = \"{x}\"\na.other = \"{#n}\"", 1, "fills in `x`"),
        ("A = \"x\"", 1, "not a key"),
        ("a = x", 1, "double quotes"),
        ("a = \"x\" # no", 1, "double quotes"),
        ("a = \"\\t\"", 1, "backslash"),
        ("a = \"{Name}\"", 1, "not an argument"),
        ("a = \"{name\"", 1, "without its }"),
        ("a = \"name}\"", 1, "without its {"),
        ("a = \"{n} {#n}\"", 1, "text here and a number"),
        ("a", 1, "expected"),
    ] {
        let found = read(file).unwrap_err();
        assert!(found.line == line && found.problem.contains(part), "{file:?}: {found:?}");
    }
}
