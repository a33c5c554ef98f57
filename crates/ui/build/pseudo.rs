//! The pseudo-locale `qps`: English that no English text can be mistaken for, so that a test finds what
//! did not come from the message files. Arguments stay as they are.

/// A text in the pseudo-locale.
pub fn pseudo(text: &str) -> String {
    let mut inside = 0_usize;
    let letters: String = text
        .chars()
        .map(|character| {
            match character {
                '{' => inside += 1,
                '}' => inside = inside.saturating_sub(1),
                _ => {}
            }
            if inside == 0 { accented(character) } else { character }
        })
        .collect();
    format!("[!! {letters} !!]")
}

fn accented(character: char) -> char {
    const PLAIN: &str = "AaBCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz";
    const MARKED: &str = "ÅåƁÇçÐđÉëĜğĤħÎîĴĵĶķŁłÑñÖöŘřŜšŦŧÛüŴŵÝýŽž";
    let at = PLAIN.chars().position(|plain| plain == character);
    at.and_then(|at| MARKED.chars().nth(at)).unwrap_or(character)
}
