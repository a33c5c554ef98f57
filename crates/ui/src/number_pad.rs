//! Digits for fingers: amounts and PINs. Holds no text itself; a key is handed to whoever asked.

use leptos::prelude::*;

use crate::icon::{Icon, IconView};
use crate::messages;

/// A key of the pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PadKey {
    /// 0 to 9.
    Digit(u8),
    /// Two zeros.
    DoubleZero,
    /// Takes the last digit away.
    Backspace,
    /// Takes all away.
    Clear,
    /// Finished.
    Ok,
}

impl PadKey {
    fn name(self) -> String {
        match self {
            PadKey::Digit(digit) => digit.to_string(),
            PadKey::DoubleZero => "00".to_owned(),
            PadKey::Backspace => "backspace".to_owned(),
            PadKey::Clear => "clear".to_owned(),
            PadKey::Ok => "ok".to_owned(),
        }
    }

    /// What a keyboard calls the key that does the same (`KeyboardEvent.key`; `00` has none of its own).
    pub fn keyboard_key(self) -> String {
        match self {
            PadKey::Digit(digit) => digit.to_string(),
            PadKey::DoubleZero => "00".to_owned(),
            PadKey::Backspace => "Backspace".to_owned(),
            PadKey::Clear => "Delete".to_owned(),
            PadKey::Ok => "Enter".to_owned(),
        }
    }

    /// What a screen reader says where the key shows something else.
    fn label(self) -> Option<&'static str> {
        match self {
            PadKey::Digit(_) | PadKey::DoubleZero | PadKey::Clear | PadKey::Ok => None,
            PadKey::Backspace => Some(messages::common::pad_backspace()),
        }
    }

    fn class(self) -> &'static str {
        match self {
            PadKey::Digit(_) => "button digit",
            PadKey::DoubleZero | PadKey::Backspace | PadKey::Clear => "button",
            PadKey::Ok => "button primary",
        }
    }

    fn face(self) -> AnyView {
        match self {
            PadKey::Digit(_) | PadKey::DoubleZero => self.name().into_any(),
            PadKey::Backspace => view! { <IconView icon=Icon::Backspace /> }.into_any(),
            PadKey::Clear => messages::common::pad_clear().into_any(),
            PadKey::Ok => messages::common::pad_ok().into_any(),
        }
    }
}

/// Three by four keys: 1 to 9, then `left`, 0, `right`.
///
/// Test ids are `PREFIX-1`, `PREFIX-00`, `PREFIX-backspace`, `PREFIX-clear`, `PREFIX-ok`.
#[component]
pub fn NumberPad(
    /// Start of the test ids.
    #[prop(into)]
    prefix: String,
    /// A key was pressed.
    #[prop(into)]
    on_key: UnsyncCallback<PadKey>,
    /// Beside the zero, at the start.
    #[prop(default = PadKey::DoubleZero)]
    left: PadKey,
    /// Beside the zero, at the end.
    #[prop(default = PadKey::Backspace)]
    right: PadKey,
    /// Can't be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let keys = (1..=9).map(PadKey::Digit).chain([left, PadKey::Digit(0), right]);
    let buttons = keys.map(|key| {
        view! {
            <button
                type="button"
                class=key.class()
                data-testid=format!("{prefix}-{}", key.name())
                aria-label=key.label()
                disabled=move || disabled.get()
                on:click=move |_| {
                    on_key.try_run(key);
                }
            >
                {key.face()}
            </button>
        }
    });
    // Digits stand in the same order in every language.
    view! { <div class="number-pad" dir="ltr">{buttons.collect_view()}</div> }.into_any()
}
