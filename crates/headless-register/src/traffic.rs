//! Counts requests and bytes, as they are on the wire without headers.

use std::sync::atomic::{AtomicU64, Ordering};

use holdfast_sync::Call;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An activation.
    Activate,
    /// A contact.
    Contact,
    /// The profile.
    Profile,
    /// A manifest.
    Manifest,
    /// A page.
    Page,
    /// A pull.
    Pull,
    /// An upload.
    Upload,
    /// A look-up.
    LookUp,
}

/// The counts of any number of registers.
#[derive(Debug, Default)]
pub struct Traffic {
    kinds: [Counts; Kind::ALL.len()],
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    busy: AtomicU64,
    sent_bytes: AtomicU64,
    received_bytes: AtomicU64,
}

/// The counts of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindCounts {
    /// Requests that were sent.
    pub requests: u64,
    /// Of those, answered "busy".
    pub busy: u64,
    /// Bytes of their bodies.
    pub sent_bytes: u64,
    /// Bytes of their answers' bodies.
    pub received_bytes: u64,
}

impl Kind {
    /// Each.
    pub const ALL: [Kind; 8] = [
        Kind::Activate,
        Kind::Contact,
        Kind::Profile,
        Kind::Manifest,
        Kind::Page,
        Kind::Pull,
        Kind::Upload,
        Kind::LookUp,
    ];

    /// The kind of a call.
    pub fn of(call: &Call) -> Kind {
        match call {
            Call::Contact(_) => Kind::Contact,
            Call::Profile => Kind::Profile,
            Call::Manifest(_) => Kind::Manifest,
            Call::Page(_) => Kind::Page,
            Call::Pull(_) => Kind::Pull,
            Call::Upload(_) => Kind::Upload,
            Call::LookUp(_) => Kind::LookUp,
        }
    }
}

impl Traffic {
    /// A request leaves with a body of so many bytes.
    pub fn sent(&self, kind: Kind, bytes: usize) {
        let counts = &self.kinds[kind as usize];
        counts.requests.fetch_add(1, Ordering::Relaxed);
        counts.sent_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// An answer has come with a body of so many bytes.
    pub fn received(&self, kind: Kind, bytes: usize, is_busy: bool) {
        let counts = &self.kinds[kind as usize];
        counts.busy.fetch_add(u64::from(is_busy), Ordering::Relaxed);
        counts.received_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// The counts so far, in the order of [`Kind::ALL`].
    pub fn counts(&self) -> [KindCounts; Kind::ALL.len()] {
        Kind::ALL.map(|kind| {
            let counts = &self.kinds[kind as usize];
            let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
            KindCounts {
                requests: read(&counts.requests),
                busy: read(&counts.busy),
                sent_bytes: read(&counts.sent_bytes),
                received_bytes: read(&counts.received_bytes),
            }
        })
    }
}

impl KindCounts {
    /// What was added since.
    #[must_use]
    pub fn since(self, before: KindCounts) -> KindCounts {
        KindCounts {
            requests: self.requests - before.requests,
            busy: self.busy - before.busy,
            sent_bytes: self.sent_bytes - before.sent_bytes,
            received_bytes: self.received_bytes - before.received_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_counted_for_itself() {
        let traffic = Traffic::default();
        traffic.sent(Kind::Upload, 10);
        let before = traffic.counts();
        traffic.sent(Kind::Upload, 5);
        traffic.received(Kind::Upload, 7, true);
        let upload = traffic.counts()[Kind::Upload as usize].since(before[Kind::Upload as usize]);
        assert_eq!(upload, KindCounts { requests: 1, busy: 1, sent_bytes: 5, received_bytes: 7 });
        assert_eq!(traffic.counts()[Kind::Page as usize], KindCounts::default());
    }
}
