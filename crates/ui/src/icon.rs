//! Icons: strokes on a 24 × 24 grid, drawn for Holdfast. Always beside a word or with a label elsewhere;
//! to a screen reader they are nothing.

use leptos::prelude::*;

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A tick: done, online.
    Tick,
    /// Waves struck out: offline.
    Offline,
    /// Two arrows in a circle: trying again.
    Again,
    /// To the store server.
    Up,
    /// From the store server.
    Down,
    /// Both ways.
    Both,
    /// A lens.
    Search,
    /// A barcode in a frame.
    Scan,
    /// A person.
    User,
    /// Several persons.
    Users,
    /// Three lines: the menu.
    Menu,
    /// A closed padlock.
    Lock,
    /// A key: activation.
    Key,
    /// A note of money.
    Cash,
    /// A bank card.
    Card,
    /// A printer.
    Print,
    /// A box: products.
    Box,
    /// A cross: remove, close.
    Cross,
    /// A plus.
    Plus,
    /// A minus.
    Minus,
    /// A clock: waits.
    Clock,
    /// A triangle with an exclamation mark: look here.
    Warn,
    /// An i in a circle.
    Info,
    /// An arrow back.
    Back,
    /// An arrow that turns back: goods that are brought back.
    Return,
    /// An arrow on.
    Next,
    /// A tray with an arrow into it: import.
    Import,
    /// A receipt.
    Receipt,
    /// A till.
    Register,
    /// Sheets on top of each other: profiles.
    Layers,
    /// A cylinder: the offline database.
    Database,
    /// A key with a cross: delete the last digit.
    Backspace,
    /// An open door with an arrow: sign out.
    SignOut,
    /// A crossed circle: refused.
    Refused,
    /// A basket.
    Basket,
    /// Six dots: can be dragged.
    Drag,
    /// Columns: a field list.
    Columns,
    /// A funnel: a row filter.
    Filter,
    /// A tray with an arrow out of it: export.
    Export,
    /// Two sheets: a copy.
    Copy,
    /// A sheet with lines and a clock's hand: what happened.
    History,
}

impl Icon {
    /// The path on the grid.
    fn path(self) -> &'static str {
        match self {
            Icon::Tick => "M4.5 12.5l5 5 10-11",
            Icon::Offline => {
                "M4 4l16 16M12 19.5h.01M8.7 16a4.8 4.8 0 0 1 5.8-.8M5.4 12.6a9.6 9.6 0 0 1 4-2.4\
                 M2.2 9.2a14 14 0 0 1 4-2.7M18.6 12.6a9.6 9.6 0 0 0-3-2M21.8 9.2A14 14 0 0 0 11 5.1"
            }
            Icon::Again => "M4 11a8 8 0 0 1 14-4.5L20 9M20 4v5h-5M20 13a8 8 0 0 1-14 4.5L4 15M4 20v-5h5",
            Icon::Up => "M12 20V4.5M5.5 11L12 4.5l6.5 6.5",
            Icon::Down => "M12 4v15.5M5.5 13l6.5 6.5 6.5-6.5",
            Icon::Both => "M8 20V4.5M3.8 8.7L8 4.5l4.2 4.2M16 4v15.5M11.8 15.3l4.2 4.2 4.2-4.2",
            Icon::Search => "M17.5 10.5a7 7 0 1 1-14 0a7 7 0 0 1 14 0M15.6 15.6L21 21",
            Icon::Scan => {
                "M3 8V5a2 2 0 0 1 2-2h3M16 3h3a2 2 0 0 1 2 2v3M21 16v3a2 2 0 0 1-2 2h-3M8 21H5a2 2 0 0 1-2-2v-3\
                 M7.5 8v8M11 8v8M13.5 8v8M16.5 8v8"
            }
            Icon::User => "M16 8a4 4 0 1 1-8 0a4 4 0 0 1 8 0M4.5 20.5c.8-6.4 14.2-6.4 15 0",
            Icon::Users => {
                "M12.5 8a3.5 3.5 0 1 1-7 0a3.5 3.5 0 0 1 7 0M2.5 20c.7-6 12.3-6 13 0M15.5 4.9a3.5 3.5 0 0 1 0 6.2\
                 M17.5 14.6c2.3.6 3.7 2.3 4 5.4"
            }
            Icon::Menu => "M4 6.5h16M4 12h16M4 17.5h16",
            Icon::Lock => {
                "M6 11h12a1.5 1.5 0 0 1 1.5 1.5v6.5a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 19v-6.5A1.5 1.5 0 0 1 6 11M8 11V7.5a4 4 0 0 1 8 0V11"
            }
            Icon::Key => {
                "M12 9a4.5 4.5 0 1 1-9 0a4.5 4.5 0 0 1 9 0M10.8 12.2L20 21.4M17 18.4l2.2-2.2M14 15.4l2.2-2.2"
            }
            Icon::Cash => "M2.5 6.5h19v11h-19zM15 12a3 3 0 1 1-6 0a3 3 0 0 1 6 0M5.5 9.5h.01M18.5 14.5h.01",
            Icon::Card => {
                "M4 5.5h16A1.5 1.5 0 0 1 21.5 7v10a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 17V7A1.5 1.5 0 0 1 4 5.5M2.5 10h19M6 15h4"
            }
            Icon::Print => {
                "M7 8V3.5h10V8M7 17.5H3.5V10A1.5 1.5 0 0 1 5 8.5h14a1.5 1.5 0 0 1 1.5 1.5v7.5H17M7 14h10v6.5H7z"
            }
            Icon::Box => "M3.5 7.5L12 3l8.5 4.5v9L12 21l-8.5-4.5zM3.5 7.5L12 12l8.5-4.5M12 12v9",
            Icon::Cross => "M6 6l12 12M18 6L6 18",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Minus => "M5 12h14",
            Icon::Clock => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M12 7v5l3.5 2",
            Icon::Warn => "M12 4L2.5 20h19zM12 10v4.5M12 17.2h.01",
            Icon::Info => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M12 11v5.5M12 7.7h.01",
            Icon::Back => "M20 12H4.5M11 5.5L4.5 12l6.5 6.5",
            Icon::Return => "M8.5 14.5L3.5 9.5l5-5M3.5 9.5H15a5.5 5.5 0 0 1 0 11h-3.5",
            Icon::Next => "M9 5.5l6.5 6.5L9 18.5",
            Icon::Import => {
                "M12 3.5v11M7.5 10l4.5 4.5L16.5 10M4 16v3a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 19v-3"
            }
            Icon::Receipt => {
                "M5.5 3.5v17l2.2-1.5 2.1 1.5 2.2-1.5 2.2 1.5 2.1-1.5 2.2 1.5v-17l-2.2 1.5-2.1-1.5L12 5 9.8 3.5 7.7 5zM9 9.5h6M9 13.5h6"
            }
            Icon::Register => {
                "M4 13.5h16v6.5H4zM6 13.5l1.5-6h9l1.5 6M10 7.5V4h7v3.5M9.5 10.5h.01M12 10.5h.01M14.5 10.5h.01M10 17h4"
            }
            Icon::Layers => "M12 3.5L3 8.2l9 4.7 9-4.7zM3.8 12.3L12 16.6l8.2-4.3M3.8 16.2L12 20.5l8.2-4.3",
            Icon::Database => {
                "M20 6c0 3.6-16 3.6-16 0s16-3.6 16 0M4 6v12c0 3.6 16 3.6 16 0V6M4 12c0 3.6 16 3.6 16 0"
            }
            Icon::Backspace => {
                "M8.5 5.5h11A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-11L2.5 12zM11 9.5l5 5M16 9.5l-5 5"
            }
            Icon::SignOut => {
                "M14 4H6a1.5 1.5 0 0 0-1.5 1.5v13A1.5 1.5 0 0 0 6 20h8M10 12h10.5M16.5 8l4 4-4 4"
            }
            Icon::Refused => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0M8.5 8.5l7 7M15.5 8.5l-7 7",
            Icon::Drag => "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
            Icon::Columns => "M4 4.5h16v15H4zM9.5 4.5v15M14.5 4.5v15",
            Icon::Filter => "M3.5 5h17l-6.5 8v6.5l-4-2V13z",
            Icon::Export => {
                "M12 14.5v-11M7.5 8L12 3.5 16.5 8M4 16v3a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 19v-3"
            }
            Icon::Copy => "M9 8.5h10.5V20H9zM5 15.5H4.5V4H15v.5",
            Icon::History => "M4 12a8 8 0 1 1 2.5 5.8M4 7v5h5M12 8v4.5l3 1.8",
            Icon::Basket => "M3 9.5h18l-2 10.5H5zM8 9.5L10.5 4M16 9.5L13.5 4M9.5 13v4M14.5 13v4",
        }
    }
}

/// An icon as an inline picture, hidden from screen readers.
#[component]
pub fn IconView(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
