//! The four figures above the list of registers.

use holdfast_ui::messages::{back_office as text, number};
use holdfast_ui::time;
use leptos::prelude::*;

use super::mode::RegisterMode;
use crate::api::Register;
use crate::section::Section;
use crate::state::app_state;

/// What the figures say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Summary {
    registers_count: u64,
    activated_count: u64,
    /// Those that were, until somebody locked them.
    locked_count: u64,
    online_count: u64,
    waiting: u64,
    /// The register with waiting sales that spoke longest ago, and when.
    oldest_waiting: Option<(String, i64)>,
    /// Activated registers that have what is published of their own profile,
    on_version_count: u64,
    /// and one that has another version.
    behind: Option<String>,
}

impl Summary {
    fn of(registers: &[Register], now_ms: i64) -> Summary {
        let activated: Vec<&Register> = registers.iter().filter(|register| register.activated).collect();
        let count = |wanted: &dyn Fn(&Register) -> bool| {
            activated.iter().filter(|register| wanted(register)).count() as u64
        };
        let is_current = |register: &Register| register.profile_version == Some(register.published_version);
        let oldest_waiting = activated
            .iter()
            .filter(|register| register.waiting.unwrap_or(0) > 0)
            .filter_map(|register| register.last_contact_ms.map(|at_ms| (register.name.clone(), at_ms)))
            .min_by_key(|(_, at_ms)| *at_ms);
        Summary {
            registers_count: registers.len() as u64,
            activated_count: activated.len() as u64,
            locked_count: registers.iter().filter(|register| register.locked && !register.activated).count()
                as u64,
            online_count: count(&|register| RegisterMode::of(register, now_ms) == RegisterMode::Online),
            waiting: activated.iter().filter_map(|register| register.waiting).sum(),
            oldest_waiting,
            on_version_count: count(&is_current),
            behind: activated.iter().find(|register| !is_current(register)).map(|one| one.name.clone()),
        }
    }

    fn online_note(&self) -> String {
        let others = self.registers_count - self.activated_count;
        let (fresh, locked) = (others.saturating_sub(self.locked_count), self.locked_count);
        let notes = [
            (fresh > 0).then(|| text::not_activated_count(fresh)),
            (locked > 0).then(|| text::locked_count(locked)),
        ];
        match notes.into_iter().flatten().collect::<Vec<String>>() {
            none if none.is_empty() => text::of_registers(self.registers_count),
            notes => notes.join(", "),
        }
    }

    fn waiting_note(&self) -> String {
        match &self.oldest_waiting {
            Some((name, at_ms)) => text::waiting_oldest(name, &time::clock(*at_ms)),
            None => text::waiting_none().to_owned(),
        }
    }

    fn version_note(&self) -> String {
        match &self.behind {
            Some(name) => text::on_another_version(name),
            None => text::all_on_version().to_owned(),
        }
    }
}

/// The figures.
#[component]
pub fn Figures() -> impl IntoView {
    let state = app_state();
    let summary = Memo::new(move |_| {
        let now_ms = state.now_ms.get();
        state.registers.with(|all| Summary::of(all.map_or(&[], Vec::as_slice), now_ms))
    });
    let rejected_count = Memo::new(move |_| state.rejected_open_count());
    let of = move |part: u64| {
        holdfast_ui::messages::common::of_total(&number(part), &number(summary.read().activated_count))
    };
    view! {
        <dl class="figures">
            <Figure
                name=text::figure_online()
                value=move || of(summary.read().online_count)
                note=move || summary.read().online_note()
            />
            <Figure
                name=text::figure_waiting()
                value=move || number(summary.read().waiting)
                note=move || summary.read().waiting_note()
            />
            <Figure
                name=text::figure_on_version()
                value=move || of(summary.read().on_version_count)
                note=move || summary.read().version_note()
            />
            <div class="card figure">
                <dt>{text::figure_rejected()}</dt>
                <dd class="figure-value">{move || number(rejected_count.get())}</dd>
                <dd class="figure-note">
                    {move || {
                        if rejected_count.get() > 0 {
                            view! {
                                <a class="bad-link" href=Section::Rejected.href()>
                                    {text::needs_you()}
                                </a>
                            }
                            .into_any()
                        } else {
                            text::rejected_none_short().into_any()
                        }
                    }}
                </dd>
            </div>
        </dl>
    }
}

#[component]
fn Figure(
    #[prop(into)] name: TextProp,
    #[prop(into)] value: TextProp,
    #[prop(into)] note: TextProp,
) -> impl IntoView {
    view! {
        <div class="card figure">
            <dt>{move || name.get()}</dt>
            <dd class="figure-value">{move || value.get()}</dd>
            <dd class="figure-note">{move || note.get()}</dd>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::mode::tests::register;
    use super::*;

    #[test]
    fn only_activated_registers_count_as_online_or_behind() {
        let online = register(1, Some(100_000));
        let offline = Register { waiting: Some(12), profile_version: Some(0), ..register(2, Some(10_000)) };
        let fresh = Register { activated: false, profile_version: None, ..register(3, None) };
        let summary = Summary::of(&[online, offline, fresh], 101_000);
        assert_eq!((summary.registers_count, summary.activated_count, summary.online_count), (3, 2, 1));
        assert_eq!((summary.waiting, summary.on_version_count), (12, 1));
        assert_eq!(summary.oldest_waiting, Some(("Till 2".to_owned(), 10_000)));
        assert_eq!(summary.behind.as_deref(), Some("Till 2"));
    }

    #[test]
    fn a_register_is_current_by_its_own_profile_whatever_is_published_of_another() {
        let own = |number, has, published_version| Register {
            profile_version: Some(has),
            published_version,
            ..register(number, Some(100_000))
        };
        let summary = Summary::of(&[own(1, 2, 2), own(2, 7, 7)], 101_000);
        assert_eq!((summary.on_version_count, summary.behind), (2, None));
        let summary = Summary::of(&[own(1, 7, 2), own(2, 7, 7)], 101_000);
        assert_eq!((summary.on_version_count, summary.behind.as_deref()), (1, Some("Till 1")));
        // So the figure names no version.
        assert_eq!(text::figure_on_version(), "On their published version");
    }

    #[test]
    fn a_locked_register_is_not_one_that_never_was_activated() {
        let fresh = Register { activated: false, ..register(1, None) };
        let locked = Register { activated: false, locked: true, ..register(2, Some(1)) };
        let note = |registers: &[Register]| Summary::of(registers, 101_000).online_note();
        assert_eq!(note(&[fresh.clone(), locked.clone()]), "1 is not activated, 1 is locked");
        assert_eq!(note(&[locked]), "1 is locked");
        assert_eq!(note(&[fresh]), "1 is not activated");
    }

    #[test]
    fn a_store_without_registers_has_figures_too() {
        assert_eq!(Summary::of(&[], 0), Summary::default());
    }
}
