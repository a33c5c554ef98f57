//! Reads a message file: a strict, small part of TOML (`key = "text"`, comments, empty lines).
//!
//! Owns the format, which the top of `messages/en/common.toml` explains. Never guesses: what it doesn't
//! know is an error with its line.

/// A message and all its texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name, the function's name.
    pub key: String,
    /// One text, or two that a number chooses from.
    pub texts: Texts,
    /// What has to be filled in, in order of appearance.
    pub arguments: Vec<Argument>,
}

/// The texts of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Texts {
    /// Always the same.
    Single(String),
    /// By the number in the argument of this index.
    Plural {
        /// For exactly one.
        one: String,
        /// For every other number.
        other: String,
        /// Which argument is counted.
        counted: usize,
    },
}

/// Something to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The name between the braces.
    pub name: String,
    /// Whether it was written `{#name}`.
    pub is_number: bool,
}

/// What is wrong in a file, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// In words.
    pub problem: String,
}

/// A text as it stands in the file.
struct Entry {
    line: usize,
    key: String,
    form: Option<String>,
    text: String,
}

/// All messages of a file, in its order.
pub fn read(file: &str) -> Result<Vec<Message>, Problem> {
    let mut entries: Vec<Entry> = Vec::new();
    for (at, line) in file.lines().enumerate() {
        let line_no = at + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let entry = read_line(line).map_err(|problem| Problem { line: line_no, problem })?;
        let entry = Entry { line: line_no, ..entry };
        if entries
            .iter()
            .any(|other| other.key == entry.key && (other.form == entry.form || entry.form.is_none()))
        {
            return Err(Problem { line: line_no, problem: format!("`{}` is here twice", entry.key) });
        }
        entries.push(entry);
    }
    let mut messages: Vec<Message> = Vec::new();
    for entry in &entries {
        if !messages.iter().any(|message| message.key == entry.key) {
            messages.push(message(entry, &entries).map_err(|problem| Problem { line: entry.line, problem })?);
        }
    }
    Ok(messages)
}

fn read_line(line: &str) -> Result<Entry, String> {
    let (name, value) = line.split_once('=').ok_or("expected `key = \"text\"`")?;
    let name = name.trim();
    let (key, form) = match name.split_once('.') {
        Some((key, form)) => (key, Some(form.to_owned())),
        None => (name, None),
    };
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    if !is_name(key) {
        return Err(format!("`{key}` is not a key: small letters, digits and _ only"));
    }
    if form.as_deref().is_some_and(|form| form != "one" && form != "other") {
        return Err(format!("`{name}`: only .one and .other may follow a key"));
    }
    Ok(Entry { line: 0, key: key.to_owned(), form, text: unquote(value.trim())? })
}

fn unquote(value: &str) -> Result<String, String> {
    let inner = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .ok_or("the text must stand in double quotes, and nothing behind it")?;
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Err("write a double quote inside a text as \\\"".to_owned()),
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('"') => text.push('"'),
                Some('\\') => text.push('\\'),
                _ => return Err("only \\n, \\\" and \\\\ may follow a backslash".to_owned()),
            },
            other => text.push(other),
        }
    }
    Ok(text)
}

fn message(entry: &Entry, entries: &[Entry]) -> Result<Message, String> {
    let key = entry.key.clone();
    let text_of = |form: &str| {
        entries
            .iter()
            .find(|other| other.key == key && other.form.as_deref() == Some(form))
            .map(|other| other.text.clone())
            .ok_or_else(|| format!("`{key}.{form}` is missing"))
    };
    if entry.form.is_none() {
        let arguments = arguments(&entry.text)?;
        return Ok(Message { key, texts: Texts::Single(entry.text.clone()), arguments });
    }
    let (one, other) = (text_of("one")?, text_of("other")?);
    let all = arguments(&other)?;
    let counted = all
        .iter()
        .position(|argument| argument.is_number)
        .ok_or_else(|| format!("`{key}.other` needs a number to count, such as {{#count}}"))?;
    if let Some(stranger) = arguments(&one)?.into_iter().find(|argument| !all.contains(argument)) {
        return Err(format!("`{key}.one` fills in `{}`, which `{key}.other` does not", stranger.name));
    }
    Ok(Message { key, texts: Texts::Plural { one, other, counted }, arguments: all })
}

/// The arguments of a text, each once.
fn arguments(text: &str) -> Result<Vec<Argument>, String> {
    let mut found: Vec<Argument> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let end = rest[start..].find('}').ok_or("a { without its }")? + start;
        let inner =
            rest[start..].strip_prefix('{').map(|_| &rest[start + 1..end]).ok_or("a } without its {")?;
        let (name, is_number) = inner.strip_prefix('#').map_or((inner, false), |name| (name, true));
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            return Err(format!("{{{inner}}} is not an argument: {{name}} for text, {{#name}} for a number"));
        }
        match found.iter().find(|argument| argument.name == name) {
            Some(known) if known.is_number != is_number => {
                return Err(format!("`{name}` is a text here and a number there"));
            }
            Some(_) => {}
            None => found.push(Argument { name: name.to_owned(), is_number }),
        }
        rest = &rest[end + 1..];
    }
    Ok(found)
}
