//! The list of targets. Whoever adds a decoder of outside bytes adds a line here.

mod edits;
mod engine;
mod look_ups;
mod messages;
mod shop;
mod texts;
mod uploads;

use crate::samples;

/// A decoder under attack.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Where mutation begins: kinds of frozen messages.
    pub frozen: &'static [&'static str],
    /// Where mutation begins: texts.
    pub texts: &'static [&'static str],
    /// Where mutation begins: what this build writes.
    pub made: Option<fn() -> Vec<u8>>,
    /// Makes checksums right again.
    pub repair: Option<fn(&mut Vec<u8>)>,
    /// Takes any bytes; panics when a rule does not hold.
    pub run: fn(&[u8]) -> Verdict,
}

/// What a decoder made of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is something.
    Taken,
    /// It is nothing, and an error says so.
    Refused,
}

impl Target {
    const fn message(
        name: &'static str,
        frozen: &'static [&'static str],
        run: fn(&[u8]) -> Verdict,
    ) -> Target {
        Target { name, frozen, texts: &[], made: None, repair: None, run }
    }

    const fn text(name: &'static str, texts: &'static [&'static str], run: fn(&[u8]) -> Verdict) -> Target {
        Target { name, frozen: &[], texts, made: None, repair: None, run }
    }

    /// The valid inputs that mutation begins with.
    pub fn samples(&self) -> Vec<Vec<u8>> {
        let frozen = self.frozen.iter().flat_map(|kind| samples::frozen_of_kind(kind));
        let texts = self.texts.iter().map(|text| text.as_bytes().to_vec());
        frozen.chain(texts).chain(self.made.map(|make| make())).collect()
    }

    /// The target of this name.
    pub fn named(name: &str) -> Option<&'static Target> {
        all().iter().copied().find(|target| target.name == name)
    }
}

/// Every target.
pub fn all() -> &'static [&'static Target] {
    static ALL: std::sync::LazyLock<Vec<&'static Target>> = std::sync::LazyLock::new(|| {
        let lists: [&'static [Target]; 7] = [
            messages::TARGETS,
            edits::TARGETS,
            uploads::TARGETS,
            texts::TARGETS,
            shop::TARGETS,
            look_ups::TARGETS,
            engine::TARGETS,
        ];
        lists.into_iter().flatten().collect()
    });
    &ALL
}
