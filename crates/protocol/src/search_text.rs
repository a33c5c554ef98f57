//! Text as it is compared in a search: lower case, without accents and without punctuation. A till and the store server
//! find the same by the same words.

/// Folds a text: letters lower and plain, apostrophes gone, everything else that is no letter or digit a blank.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(&mut folded, text);
    folded
}

/// The same, behind what is there.
pub fn fold_onto(folded: &mut String, text: &str) {
    for character in text.chars() {
        fold_into(folded, character);
    }
}

/// Digits of a telephone number that are worth looking for.
pub const PHONE_DIGITS_MIN: usize = 3;

/// The digits of a text, such as a telephone number.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a word may start after this byte of a folded text.
pub fn is_boundary(byte: u8) -> bool {
    byte == b' ' || byte == b'\n'
}

fn fold_into(folded: &mut String, character: char) {
    match character {
        'a'..='z' | '0'..='9' => folded.push(character),
        'A'..='Z' => folded.push(character.to_ascii_lowercase()),
        '\'' | '’' | '\u{300}'..='\u{36f}' => {}
        '\0'..='\u{7f}' => folded.push(' '),
        _ => match plain_latin(character) {
            Some(plain) => folded.push_str(plain),
            None if character.is_alphanumeric() => folded.extend(character.to_lowercase()),
            None => folded.push(' '),
        },
    }
}

/// The plain letters of an accented Latin one. Unicode's own tables would be ten times this program's share.
fn plain_latin(character: char) -> Option<&'static str> {
    Some(match character {
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ă' | 'Ă' | 'ą' | 'Ą' => "a",
        'æ' | 'Æ' => "ae",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'ĉ' | 'Ĉ' | 'ċ' | 'Ċ' | 'č' | 'Č' => "c",
        'ð' | 'Ð' | 'ď' | 'Ď' | 'đ' | 'Đ' => "d",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' | 'ė' | 'Ė' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ĝ' | 'Ĝ' | 'ğ' | 'Ğ' | 'ġ' | 'Ġ' | 'ģ' | 'Ģ' => "g",
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'Ī' | 'į' | 'Į' | 'ı' | 'İ' => "i",
        'ķ' | 'Ķ' => "k",
        'ł' | 'Ł' | 'ĺ' | 'Ĺ' | 'ļ' | 'Ļ' | 'ľ' | 'Ľ' => "l",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ņ' | 'Ņ' | 'ň' | 'Ň' => "n",
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'Ō' | 'ő' | 'Ő' => "o",
        'œ' | 'Œ' => "oe",
        'ŕ' | 'Ŕ' | 'ř' | 'Ř' => "r",
        'ś' | 'Ś' | 'ŝ' | 'Ŝ' | 'ş' | 'Ş' | 'š' | 'Š' | 'ș' | 'Ș' => "s",
        'ß' | 'ẞ' => "ss",
        'ţ' | 'Ţ' | 'ť' | 'Ť' | 'ț' | 'Ț' => "t",
        'þ' | 'Þ' => "th",
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'Ū' | 'ů' | 'Ů' | 'ű' | 'Ű' | 'ų' | 'Ų' => "u",
        'ý' | 'Ý' | 'ÿ' | 'Ÿ' => "y",
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        for (text, folded) in [
            ("Crème Brûlée", "creme brulee"),
            ("CAFE\u{301}", "cafe"),
            ("Rock'n’Roll", "rocknroll"),
            ("Søde Æbler 6×1.5 l", "sode aebler 6 1 5 l"),
            ("Weißwürste", "weisswurste"),
            ("МОЛОКО", "молоко"),
            ("牛乳 1L", "牛乳 1l"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
