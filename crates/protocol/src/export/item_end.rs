//! Where an item of an export ends, told from its bytes as they come: each byte is looked at once, however small the
//! parts are. What the item says is read once it is all here.

/// Arrays and maps in each other, at most; an item of an export has a handful.
const DEPTH_MAX: usize = 64;

/// An item of which a part was looked at.
#[derive(Debug, Default)]
pub(super) struct ItemEnd {
    /// Bytes that were looked at.
    at: usize,
    /// Of the string that was begun, bytes that are still to come.
    string_left: u64,
    /// Of each array or map that is open, items that are still to come; none where a break ends it.
    open: Vec<Option<u64>>,
}

/// Why bytes are no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoItem {
    /// It begins with something else.
    #[error("an item is an array of a kind and a map")]
    NoArray,
    /// A byte that begins nothing.
    #[error("it is not well-formed")]
    IllFormed,
    /// More than any item has.
    #[error("it is nested too deeply")]
    TooDeep,
}

impl ItemEnd {
    /// Looks at what has come of the item, `bytes`, beyond what was looked at before; how long the item is, once that is
    /// known.
    pub(super) fn find(&mut self, bytes: &[u8]) -> Result<Option<usize>, NoItem> {
        loop {
            if self.string_left > 0 {
                let here = bytes.len().saturating_sub(self.at);
                let taken = usize::try_from(self.string_left).unwrap_or(usize::MAX).min(here);
                self.at += taken;
                self.string_left -= taken as u64;
                if self.string_left > 0 {
                    return Ok(None);
                }
                if self.ends_with_this() {
                    return Ok(Some(self.at));
                }
            }
            let rest = bytes.get(self.at..).unwrap_or_default();
            let Some((first, rest)) = rest.split_first() else { return Ok(None) };
            let (major, info) = (first >> 5, first & 0x1f);
            if self.at == 0 && major != 4 {
                return Err(NoItem::NoArray);
            }
            let length = match info {
                0..24 => 0,
                24..=27 => 1_usize << (info - 24),
                31 => 0,
                _ => return Err(NoItem::IllFormed),
            };
            let Some(argument) = rest.get(..length) else { return Ok(None) };
            let argument = match length {
                0 => u64::from(info),
                _ => argument.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)),
            };
            self.at += 1 + length;
            let is_over = match (major, info) {
                // A break: the end of something that has no count.
                (7, 31) if self.open.pop() == Some(None) => true,
                (0 | 1 | 6 | 7, 31) => return Err(NoItem::IllFormed),
                (_, 31) => self.opens(None)?,
                (0 | 1 | 7, _) => true,
                (2 | 3, _) => {
                    self.string_left = argument;
                    argument == 0
                }
                (4, _) => argument == 0 || self.opens(Some(argument))?,
                (5, _) => {
                    argument == 0 || self.opens(Some(argument.checked_mul(2).ok_or(NoItem::IllFormed)?))?
                }
                // A tag; what it is of follows.
                _ => false,
            };
            if is_over && self.ends_with_this() {
                return Ok(Some(self.at));
            }
        }
    }

    /// Something begins that has items in it, and so is not over.
    fn opens(&mut self, count: Option<u64>) -> Result<bool, NoItem> {
        if self.open.len() == DEPTH_MAX {
            return Err(NoItem::TooDeep);
        }
        self.open.push(count);
        Ok(false)
    }

    /// Something is over; whether all is.
    fn ends_with_this(&mut self) -> bool {
        loop {
            match self.open.last_mut() {
                None => return true,
                Some(None) => return false,
                Some(Some(left)) if *left > 1 => {
                    *left -= 1;
                    return false;
                }
                Some(Some(_)) => {
                    self.open.pop();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds the end of an item that comes byte by byte.
    fn found(bytes: &[u8]) -> Result<Option<usize>, NoItem> {
        let mut end = ItemEnd::default();
        for length in 1..=bytes.len() {
            if let Some(found) = end.find(&bytes[..length])? {
                assert_eq!(found, length, "it could have been known before");
                assert_eq!(ItemEnd::default().find(bytes), Ok(Some(found)), "at once");
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    #[test]
    fn an_item_ends_where_it_ends() {
        let items: [&[u8]; 8] = [
            &[0x80],
            &[0x82, 0x00, 0xa0],
            &[0x82, 0x18, 0x63, 0xa1, 0x00, 0x43, 1, 2, 3],
            &[0x82, 0x19, 1, 2, 0xa2, 0x00, 0xf6, 0x01, 0xfb, 1, 2, 3, 4, 5, 6, 7, 8],
            &[0x9f, 0x00, 0xbf, 0x01, 0x02, 0xff, 0xff],
            &[0x82, 0x00, 0x5f, 0x41, 7, 0x40, 0x42, 8, 9, 0xff],
            &[0x82, 0x00, 0xc1, 0x1a, 1, 2, 3, 4],
            &[0x82, 0x60, 0x82, 0x80, 0xa0],
        ];
        for item in items {
            assert_eq!(found(item), Ok(Some(item.len())), "{item:x?}");
            assert_eq!(found(&[item, &[0x82, 0xff]].concat()), Ok(Some(item.len())), "{item:x?} and another");
            for cut in 1..item.len() {
                assert_eq!(found(&item[..cut]), Ok(None), "{item:x?} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_is_no_item_is_refused() {
        assert_eq!(found(b"<html>"), Err(NoItem::NoArray));
        assert_eq!(found(&[0xa0]), Err(NoItem::NoArray));
        assert_eq!(found(&[0x82, 0xff]), Err(NoItem::IllFormed));
        assert_eq!(found(&[0x9f, 0x81, 0xff]), Err(NoItem::IllFormed));
        assert_eq!(found(&[0x82, 0x1c]), Err(NoItem::IllFormed));
        assert_eq!(found(&[0x82, 0x1f]), Err(NoItem::IllFormed));
        let endless_map = [0x82, 0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(found(&endless_map), Err(NoItem::IllFormed));
        assert_eq!(found(&[0x81; DEPTH_MAX + 1]), Err(NoItem::TooDeep));
    }
}
