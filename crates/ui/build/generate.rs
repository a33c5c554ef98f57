//! Writes the Rust of a module of messages.
//!
//! A function takes what its text needs and nothing else, so a missing argument or an unknown key does
//! not compile. The texts are templates with numbered places; `messages::fill` fills them at run time.

use std::fmt::Write;

use super::message_file::{Argument, Message, Texts};
use super::pseudo::pseudo;

/// `pub mod NAME { ... }` with a function for each message.
pub fn module(name: &str, messages: &[Message]) -> String {
    let mut code = format!("/// Messages of `{name}.toml`.\npub mod {name} {{\n");
    for message in messages {
        code.push_str(&function(message));
    }
    code.push_str("}\n");
    code
}

fn function(message: &Message) -> String {
    let (english, pick) = match &message.texts {
        Texts::Single(text) => (text, format!("super::pick({})", locales(text, &message.arguments))),
        Texts::Plural { one, other, counted } => {
            let count = &message.arguments[*counted].name;
            let one = locales(one, &message.arguments);
            let many = locales(other, &message.arguments);
            (other, format!("super::pick_counted({one}, {many}, {count})"))
        }
    };
    let mut code = String::new();
    let shown = english.replace('\n', " ");
    // Writing to a String can't fail; the results are the formatter's, not ours.
    let written = if message.arguments.is_empty() {
        write!(code, "    /// “{shown}”\n    pub fn {}() -> &'static str {{ {pick} }}\n", message.key)
    } else {
        let parameters = message.arguments.iter().map(parameter).collect::<Vec<_>>().join(", ");
        let values = message.arguments.iter().map(value).collect::<Vec<_>>().join(", ");
        write!(
            code,
            "    /// “{shown}”\n    pub fn {}({parameters}) -> String {{ super::fill({pick}, &[{values}]) }}\n",
            message.key
        )
    };
    written.map_or_else(|error| format!("compile_error!({:?});\n", error.to_string()), |()| code)
}

fn parameter(argument: &Argument) -> String {
    format!("{}: {}", argument.name, if argument.is_number { "u64" } else { "&str" })
}

fn value(argument: &Argument) -> String {
    if argument.is_number { format!("&super::number({})", argument.name) } else { argument.name.clone() }
}

/// The template in each locale, in the order of `Locale`.
fn locales(text: &str, arguments: &[Argument]) -> String {
    format!("[{:?}, {:?}]", numbered(text, arguments), numbered(&pseudo(text), arguments))
}

/// `{name}` becomes `{0}`: the index of the argument.
fn numbered(text: &str, arguments: &[Argument]) -> String {
    arguments.iter().enumerate().fold(text.to_owned(), |text, (at, argument)| {
        let mark = if argument.is_number { "#" } else { "" };
        text.replace(&format!("{{{mark}{}}}", argument.name), &format!("{{{at}}}"))
    })
}
