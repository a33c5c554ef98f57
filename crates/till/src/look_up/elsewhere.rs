//! What a search finds at the store server beside what is kept here: asked once somebody pauses typing, never in the way
//! of what is found here.

use std::time::Duration;

use holdfast_protocol::look_up::Wanted;
use holdfast_sync::messages::LookUpFailure;
use leptos::prelude::*;

use super::{AskedBy, ask};
use crate::till::Till;

/// Characters that are worth asking for.
const CHARS_MIN: usize = 2;
/// How long somebody types nothing before it is asked.
const PAUSE: Duration = Duration::from_millis(300);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits<T> {
    /// It.
    pub found: Vec<T>,
    /// Whether there is more than that.
    pub more: bool,
}

/// How far a search elsewhere is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Elsewhere<T> {
    /// All that there is, is here; or nothing is looked for.
    NotAsked,
    /// It will be asked in a moment.
    Pausing,
    /// The question of this number is on its way.
    Asking(u32),
    /// The store server has this.
    Found(Hits<T>),
    /// It is not known.
    Failed(LookUpFailure),
}

impl<T> Elsewhere<T> {
    /// Whether there will be an answer.
    pub fn is_awaited(&self) -> bool {
        match self {
            Elsewhere::Pausing | Elsewhere::Asking(_) => true,
            Elsewhere::NotAsked | Elsewhere::Found(_) | Elsewhere::Failed(_) => false,
        }
    }

    /// Whether there is something to choose from, or may be in a moment.
    pub fn may_offer(&self) -> bool {
        self.is_awaited() || !self.found().is_empty()
    }

    /// What was found; nothing before.
    pub fn found(&self) -> &[T] {
        match self {
            Elsewhere::Found(hits) => &hits.found,
            Elsewhere::NotAsked | Elsewhere::Pausing | Elsewhere::Asking(_) | Elsewhere::Failed(_) => &[],
        }
    }
}

/// Asks for what `typed` gives, whenever that changes or the connection does; `None` asks for nothing.
pub fn follow<T>(
    till: Till,
    typed: impl Fn() -> Option<String> + Send + Sync + 'static,
    wanted: Wanted,
    by: AskedBy,
    elsewhere: RwSignal<Elsewhere<T>>,
) where
    T: PartialEq + Send + Sync + 'static,
{
    let typed = Memo::new(move |_| {
        let text = typed()?.trim().to_owned();
        (text.chars().count() >= CHARS_MIN).then_some(text)
    });
    let is_offline = Memo::new(move |_| till.connection.is_offline());
    let set = move |now: Elsewhere<T>| {
        if elsewhere.with_untracked(|before| *before != now) {
            elsewhere.set(now);
        }
    };
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(Some(pause)) = before {
            pause.clear();
        }
        let Some(text) = typed.get() else {
            set(Elsewhere::NotAsked);
            return None;
        };
        if is_offline.get() {
            set(Elsewhere::Failed(LookUpFailure::Offline));
            return None;
        }
        set(Elsewhere::Pausing);
        let by = by.clone();
        let begin = move || {
            // By the effect's own end: the screen may be gone.
            if elsewhere.try_with_untracked(|now| *now == Elsewhere::Pausing) == Some(true) {
                elsewhere.set(Elsewhere::Asking(ask(till, wanted, &text, by)));
            }
        };
        match set_timeout_with_handle(begin, PAUSE) {
            Ok(pause) => Some(pause),
            Err(error) => {
                leptos::logging::warn!("no pause could be begun: {error:?}");
                None
            }
        }
    });
}

/// Takes the answer to a question; one to a question before the last is of no interest.
pub fn answered<T>(elsewhere: RwSignal<Elsewhere<T>>, number: u32, result: Result<Hits<T>, LookUpFailure>)
where
    T: PartialEq + Send + Sync + 'static,
{
    if elsewhere.try_with_untracked(|now| *now == Elsewhere::Asking(number)) == Some(true) {
        elsewhere.set(match result {
            Ok(hits) => Elsewhere::Found(hits),
            Err(why) => Elsewhere::Failed(why),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_question_is_answered() {
        let owner = Owner::new();
        owner.set();
        let elsewhere = RwSignal::new(Elsewhere::Asking(2));
        let hits = |found: &str| Ok(Hits { found: vec![found.to_owned()], more: false });
        answered(elsewhere, 1, hits("early"));
        assert!(elsewhere.get_untracked().is_awaited());
        answered(elsewhere, 2, hits("lamp"));
        assert_eq!(elsewhere.get_untracked().found(), ["lamp"]);
        answered(elsewhere, 2, Err(LookUpFailure::NoAnswer));
        assert_eq!(elsewhere.get_untracked().found(), ["lamp"]);
    }
}
