//! The parts of the back office, as they stand in the navigation, and the addresses of their pages.

use holdfast_ui::Icon;
use holdfast_ui::messages::back_office as text;

/// Where the back office is served.
pub const BASE: &str = "/back-office";

/// A part of the back office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Registers and their state.
    Registers,
    /// Sales that arrived.
    Sales,
    /// Offline profiles.
    Profiles,
    /// What was not applied.
    Rejected,
    /// Fields that were changed on both sides.
    Conflicts,
    /// Files of master data.
    Import,
}

impl Section {
    /// In the order of the navigation.
    pub const ALL: [Section; 6] = [
        Section::Registers,
        Section::Sales,
        Section::Profiles,
        Section::Rejected,
        Section::Conflicts,
        Section::Import,
    ];

    /// The name in addresses and test ids.
    pub fn name(self) -> &'static str {
        match self {
            Section::Registers => "registers",
            Section::Sales => "sales",
            Section::Profiles => "profiles",
            Section::Rejected => "rejected",
            Section::Conflicts => "conflicts",
            Section::Import => "import",
        }
    }

    /// The address of its first page.
    pub fn href(self) -> String {
        format!("{BASE}/{}", self.name())
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Section::Registers => text::registers(),
            Section::Sales => text::sales(),
            Section::Profiles => text::profiles(),
            Section::Rejected => text::rejected(),
            Section::Conflicts => text::conflicts(),
            Section::Import => text::import(),
        }
    }

    /// In one short word, where there is little room.
    pub fn short_label(self) -> &'static str {
        match self {
            Section::Registers => text::registers_short(),
            Section::Sales => text::sales_short(),
            Section::Profiles => text::profiles_short(),
            Section::Rejected => text::rejected_short(),
            Section::Conflicts => text::conflicts_short(),
            Section::Import => text::import_short(),
        }
    }

    /// Its picture.
    pub fn icon(self) -> Icon {
        match self {
            Section::Registers => Icon::Register,
            Section::Sales => Icon::Receipt,
            Section::Profiles => Icon::Layers,
            Section::Rejected => Icon::Refused,
            Section::Conflicts => Icon::Both,
            Section::Import => Icon::Import,
        }
    }

    /// The section that an address belongs to.
    pub fn of_path(path: &str) -> Option<Section> {
        let rest = path.strip_prefix(BASE)?.trim_start_matches('/');
        let name = rest.split('/').next().unwrap_or_default();
        Section::ALL.into_iter().find(|section| section.name() == name)
    }
}

/// The page of a register.
pub fn register_href(number: u16) -> String {
    format!("{}/{number}", Section::Registers.href())
}

/// The page of a sale.
pub fn sale_href(register: u16, counter: u32) -> String {
    format!("{}/{register}/{counter}", Section::Sales.href())
}

/// The page of a rejected entry.
pub fn rejected_href(register: u16, seq: u64) -> String {
    format!("{}/{register}/{seq}", Section::Rejected.href())
}

/// The list of profiles, as the router wants it.
pub fn profiles_path() -> String {
    format!("/{}", Section::Profiles.name())
}

/// The page of a profile, below the back office's own address, as the router wants it.
pub fn profile_path(id: u64) -> String {
    format!("{}/{id}", profiles_path())
}

/// The page that publishes a profile, as the router wants it.
pub fn publish_path(id: u64) -> String {
    format!("{}/publish", profile_path(id))
}

/// The page of a profile's rollout, as the router wants it.
pub fn rollout_path(id: u64) -> String {
    format!("{}/rollout", profile_path(id))
}

/// The page of a profile.
pub fn profile_href(id: u64) -> String {
    format!("{BASE}{}", profile_path(id))
}

/// The page of a profile's rollout.
pub fn rollout_href(id: u64) -> String {
    format!("{BASE}{}", rollout_path(id))
}

/// The audit trail.
pub fn changes_href() -> String {
    format!("{}/changes", Section::Profiles.href())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_the_section_it_starts_with() {
        assert_eq!(Section::of_path("/back-office/sales/1/7"), Some(Section::Sales));
        assert_eq!(Section::of_path("/back-office/registers"), Some(Section::Registers));
        assert_eq!(Section::of_path("/back-office/"), None);
        assert_eq!(Section::of_path("/registers"), None);
    }
}
