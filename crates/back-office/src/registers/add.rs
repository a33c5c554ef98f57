//! Adding a register: number and name, then at once a code for its device.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Button, ButtonKind, Dialog, Field, FieldKind};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{ApiError, NewRegister, Register};
use crate::state::app_state;

/// Largest number: receipts print four digits.
const NUMBER_MAX: u16 = 9_999;
/// Longest name, characters.
const NAME_MAX: u32 = 60;

/// What was typed; belongs to the app's root, so that it outlives the dialog and a session.
#[derive(Debug, Clone, Copy)]
pub struct RegisterDraft {
    is_open: RwSignal<bool>,
    number: RwSignal<String>,
    name: RwSignal<String>,
    /// Errors show once it was tried.
    was_tried: RwSignal<bool>,
    is_busy: RwSignal<bool>,
    refusal: RwSignal<Option<ApiError>>,
}

impl RegisterDraft {
    /// Empty and closed.
    pub fn new() -> RegisterDraft {
        RegisterDraft {
            is_open: RwSignal::new(false),
            number: RwSignal::new(String::new()),
            name: RwSignal::new(String::new()),
            was_tried: RwSignal::new(false),
            is_busy: RwSignal::new(false),
            refusal: RwSignal::new(None),
        }
    }

    /// Shows the dialog with what was typed before.
    pub fn open(self) {
        self.is_open.set(true);
    }

    /// Empty and closed again.
    pub fn clear(self) {
        self.is_open.set(false);
        self.number.set(String::new());
        self.name.set(String::new());
        self.was_tried.set(false);
        self.is_busy.set(false);
        self.refusal.set(None);
    }
}

/// What a number field may be wrong with.
fn check_number(typed: &str, registers: &[Register]) -> Result<u16, String> {
    let number: u16 = typed
        .trim()
        .parse()
        .ok()
        .filter(|number| (1..=NUMBER_MAX).contains(number))
        .ok_or_else(|| text::number_wrong(&NUMBER_MAX.to_string()))?;
    match registers.iter().find(|register| register.number == number) {
        Some(other) => Err(text::number_taken(&number.to_string(), &other.name)),
        None => Ok(number),
    }
}

fn check_name(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    if name.is_empty() { Err(text::name_wrong().to_owned()) } else { Ok(name.to_owned()) }
}

/// The dialog.
#[component]
pub fn AddDialog() -> impl IntoView {
    let state = app_state();
    let draft = state.draft;
    let number = Memo::new(move |_| {
        state.registers.with(|all| check_number(&draft.number.get(), all.map_or(&[], Vec::as_slice)))
    });
    let name = Memo::new(move |_| check_name(&draft.name.get()));
    let add = move || {
        draft.was_tried.set(true);
        let (Ok(number), Ok(name)) = (number.get_untracked(), name.get_untracked()) else { return };
        if draft.is_busy.get_untracked() {
            return;
        }
        draft.is_busy.set(true);
        spawn_local(async move {
            match state.api.add_register(&NewRegister { number, name }).await {
                Ok(()) => {
                    draft.clear();
                    state.registers.ask(state.api.registers());
                    state.new_code.make(state.api, number);
                }
                Err(error) => {
                    draft.refusal.set(Some(error));
                    draft.is_busy.set(false);
                }
            }
        });
    };
    view! {
        <Dialog
            open=draft.is_open
            title=text::add_register()
            on_close=move || draft.is_open.set(false)
            test_id="add-register-dialog"
        >
            <form
                class="stack"
                on:submit=move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    add();
                }
            >
                <p class="muted">{text::add_register_detail()}</p>
                <Field
                    label=text::number()
                    value=draft.number
                    kind=FieldKind::Number
                    length_max=4_u32
                    focused=true
                    help=TextProp::from(text::number_help())
                    error=Signal::derive(move || number.get().err().filter(|_| draft.was_tried.get()))
                    test_id="register-number"
                />
                <Field
                    label=text::name()
                    value=draft.name
                    length_max=NAME_MAX
                    help=TextProp::from(text::name_help())
                    error=Signal::derive(move || name.get().err().filter(|_| draft.was_tried.get()))
                    test_id="register-name"
                />
                <div class="form-error" role="alert">
                    {move || {
                        draft.refusal.get().map(|error| {
                            view! { <p><strong>{error.title()}</strong> " " {error.detail()}</p> }
                        })
                    }}
                </div>
                <div class="dialog-actions">
                    <Button label=common::cancel() on_press=move || draft.is_open.set(false) />
                    <Button
                        label=text::add_and_make_code()
                        kind=ButtonKind::Primary
                        submit=true
                        disabled=draft.is_busy
                        on_press=|| {}
                        test_id="confirm-add-register"
                    />
                </div>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::super::mode::tests::register;
    use super::*;

    #[test]
    fn a_number_is_free_and_fits_on_a_receipt() {
        let taken = [register(2, None)];
        assert_eq!(check_number(" 3 ", &taken), Ok(3));
        assert!(check_number("2", &taken).unwrap_err().contains("Till 2"));
        for wrong in ["", "0", "10000", "x", "-1"] {
            assert!(check_number(wrong, &taken).unwrap_err().contains("9999"), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_more_than_blanks() {
        assert_eq!(check_name(" Deli "), Ok("Deli".to_owned()));
        assert!(check_name("  ").is_err());
    }
}
