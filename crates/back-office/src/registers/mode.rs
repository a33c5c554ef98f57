//! The mode of a register, as far as its last contact tells.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Icon, Tone};

use crate::api::Register;

/// How a register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterMode {
    /// No device is this register yet.
    NotActivated,
    /// Its device counts no more.
    Locked,
    /// It spoke just now.
    Online,
    /// It has not spoken for a while; it sells on its own.
    Offline,
    /// It speaks now and then to find out whether answers are still slow; it sells on its own.
    Slow,
}

impl RegisterMode {
    /// The mode at a time of the store server's clock.
    pub fn of(register: &Register, now_ms: i64) -> RegisterMode {
        if register.locked {
            return RegisterMode::Locked;
        }
        if !register.activated {
            return RegisterMode::NotActivated;
        }
        match register.last_contact_ms {
            Some(last_ms) if now_ms - last_ms <= register.heard_for_ms => match register.slow_since_ms {
                Some(_) => RegisterMode::Slow,
                None => RegisterMode::Online,
            },
            Some(_) | None => RegisterMode::Offline,
        }
    }

    /// In a word.
    pub fn label(self) -> &'static str {
        match self {
            RegisterMode::NotActivated => text::mode_not_activated(),
            RegisterMode::Locked => text::mode_locked(),
            RegisterMode::Online => text::mode_online(),
            RegisterMode::Offline | RegisterMode::Slow => text::mode_offline(),
        }
    }

    /// Why, and since when, as far as that is known; nothing where there is nothing to say.
    /// `at` writes a time.
    pub fn since(self, register: &Register, at: impl Fn(i64) -> String) -> String {
        match (self, register.slow_since_ms, register.last_contact_ms) {
            (RegisterMode::Slow, Some(since_ms), _) => text::slow_since(&at(since_ms)),
            (RegisterMode::Offline, _, Some(last_ms)) => text::not_heard_since(&at(last_ms)),
            (RegisterMode::Offline, _, None) => text::never_heard().to_owned(),
            (
                RegisterMode::Slow | RegisterMode::NotActivated | RegisterMode::Locked | RegisterMode::Online,
                ..,
            ) => String::new(),
        }
    }

    /// Its colour.
    pub fn tone(self) -> Tone {
        match self {
            RegisterMode::NotActivated | RegisterMode::Locked => Tone::Neutral,
            RegisterMode::Online => Tone::Ok,
            RegisterMode::Offline | RegisterMode::Slow => Tone::Wait,
        }
    }

    /// Its picture.
    pub fn icon(self) -> Icon {
        match self {
            RegisterMode::NotActivated => Icon::Key,
            RegisterMode::Locked => Icon::Lock,
            RegisterMode::Online => Icon::Tick,
            RegisterMode::Offline | RegisterMode::Slow => Icon::Offline,
        }
    }
}

/// How many of a register's tables lack changes.
pub fn tables_behind(register: &Register) -> u64 {
    register.tables.iter().filter(|table| table.cursor < table.head).count() as u64
}

/// Rows that a register keeps.
pub fn rows_count(register: &Register) -> u64 {
    register.tables.iter().map(|table| table.rows).sum()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::api::TableProgress;

    /// An activated register that spoke at `last_contact_ms`.
    pub fn register(number: u16, last_contact_ms: Option<i64>) -> Register {
        Register {
            number,
            name: format!("Till {number}"),
            activated: true,
            locked: false,
            activated_at_ms: Some(0),
            device_name: None,
            last_contact_ms,
            app_version: None,
            profile_version: Some(1),
            profile_name: Some("Default pr.".to_owned()),
            published_version: 1,
            published_name: Some("Default pr.".to_owned()),
            has_own_profile: false,
            waiting: Some(0),
            rejected: Some(0),
            receipts_count: 0,
            total_minor: 0,
            tables: Vec::new(),
            slow_since_ms: None,
            was_offline_since_ms: None,
            was_offline_until_ms: None,
            storage_used_bytes: None,
            storage_quota_bytes: None,
            last_error: None,
            building: None,
            retry_asked_at_ms: None,
            heard_for_ms: 20_000,
        }
    }

    #[test]
    fn a_register_is_online_while_it_speaks() {
        assert_eq!(RegisterMode::of(&register(1, Some(100_000)), 105_000), RegisterMode::Online);
        assert_eq!(RegisterMode::of(&register(1, Some(100_000)), 121_000), RegisterMode::Offline);
        assert_eq!(RegisterMode::of(&register(1, None), 0), RegisterMode::Offline);
        let seldom = Register { heard_for_ms: 130_000, ..register(1, Some(100_000)) };
        assert_eq!(RegisterMode::of(&seldom, 230_000), RegisterMode::Online);
        assert_eq!(RegisterMode::of(&seldom, 230_001), RegisterMode::Offline);
    }

    #[test]
    fn a_register_that_speaks_is_offline_all_the_same_where_it_says_so() {
        let slow = Register { slow_since_ms: Some(40_000), ..register(1, Some(100_000)) };
        let mode = RegisterMode::of(&slow, 105_000);
        assert_eq!((mode, mode.label()), (RegisterMode::Slow, "Offline"));
        let at = |at_ms: i64| at_ms.to_string();
        assert_eq!(mode.since(&slow, at), "the line is slow, since 40000");
        // Nothing says that it is still so once its attempts stay away.
        let mode = RegisterMode::of(&slow, 121_000);
        assert_eq!(mode, RegisterMode::Offline);
        assert_eq!(mode.since(&slow, at), "not heard since 100000");
        assert_eq!(RegisterMode::Online.since(&register(1, Some(100_000)), at), "");
    }

    #[test]
    fn a_locked_register_is_locked_whatever_else() {
        let locked = Register { locked: true, activated: false, ..register(1, Some(0)) };
        assert_eq!(RegisterMode::of(&locked, 0), RegisterMode::Locked);
        let fresh = Register { activated: false, ..register(1, None) };
        assert_eq!(RegisterMode::of(&fresh, 0), RegisterMode::NotActivated);
    }

    #[test]
    fn tables_are_behind_while_the_server_knows_later_changes() {
        let table = |cursor, head| TableProgress {
            table: "product".into(),
            cursor,
            rows: 5,
            head,
            synced_at_ms: None,
        };
        let register = Register { tables: vec![table(3, 3), table(2, 3)], ..register(1, None) };
        assert_eq!((tables_behind(&register), rows_count(&register)), (1, 10));
    }
}
