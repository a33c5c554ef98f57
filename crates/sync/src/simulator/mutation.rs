//! Deliberate bugs: each one that others have shipped, and the rule that must find it. A simulator that
//! finds none of them proves nothing.

/// A deliberate bug in one part of a run. The engine itself has none: what surrounds it is bent instead, so
/// that it behaves as if the engine were wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    /// The store server applies an entry again that it has.
    DedupeSkipped,
    /// The store server answers an upload before it is on its disk.
    AcknowledgedBeforeCommit,
    /// The store server answers that it rejected an entry, and keeps nothing of it.
    RejectedForgotten,
    /// The store server does not tell registers what was mended.
    MendNotTold,
    /// The store server tells that an edit was mended, and not which version the merged row has.
    MendedVersionUntold,
    /// The store server believes a register that knows an outcome's number which was never given.
    UnknownOutcomeNumberTrusted,
    /// The number of the last outcome is stored in a transaction before that of the outcomes.
    OutcomeNumberBeforeOutcomes,
    /// Versions are given when a change begins, not when it is committed.
    PlainSequence,
    /// A pull leaves out what was deleted.
    TombstonesForgotten,
    /// Tombstones go, and cursors from before them still count as good.
    OldestCursorForgotten,
    /// A pull that was cut at its most rows says that there is no more.
    CutPullLooksWhole,
    /// Rows enter a view and stay there, whatever becomes of them.
    RowsNeverLeaveView,
    /// A view is refreshed only when a table of its own has changed, whatever its filters ask of related rows.
    RelatedRowsUnwatched,
    /// The store server doesn't say which view of a table it gives.
    ViewUnnamed,
    /// The cursor is stored in a transaction before that of its rows.
    CursorBeforeRows,
    /// A generation becomes visible with the pages that happen to be there.
    SwitchBeforeComplete,
    /// A storage transaction that was aborted is taken for a completed one.
    AbortTakenForSuccess,
    /// Rows become visible later than the databases say, after those of later tables.
    ShownOutOfOrder,
    /// Dropping tables empties the outbox, too.
    OutboxDroppedWithTables,
    /// An answered upload clears everything that it held, whatever the results say.
    AllSettledByPartialReply,
    /// An answered upload clears the whole outbox.
    OutboxClearedByAnyReply,
    /// A contact's answer counts without its nonce.
    NonceUnchecked,
    /// A page counts without its address and checksum.
    PagesUnchecked,
    /// Nobody calls when a deadline has passed; only what happens wakes the engine.
    DeadlinesForgotten,
    /// The receipt counter is stored before the sale, in a transaction of its own.
    NumberBeforeSale,
    /// A sale is shown as finished before it is on the disk.
    FinishedBeforeDurable,
    /// The outbox goes up newest entry first.
    OutboxReadNewestFirst,
    /// The store server applies an edit without looking at what it was based on.
    BlindOverwrite,
    /// The store server merges by the rule and records nothing of what overlapped.
    ConflictUnrecorded,
    /// A downloaded row is shown instead of what was entered at the register and still waits.
    DownloadOverwritesWaiting,
    /// An edit that was merged is shown no more once the cursor has come to its version, whatever of the table is here.
    MergedEditEndsAtCursor,
    /// The store server merges edits of tables that only go down.
    DirectionUnchecked,
    /// Nobody compares tables with the store server.
    DigestIgnored,
    /// The store server's digest of a table goes on counting rows that were deleted.
    DigestKeepsDeletedRows,
    /// A new generation takes over pages by their place, whatever they hold.
    PagesTakenOverUnchecked,
    /// A table's old rows go before its new ones are here.
    OldRowsDroppedFirst,
    /// A table goes with its scope, though rows of it still wait to be sent.
    ScopeDroppedWithWaitingRows,
    /// The driver does not say how long answers took.
    LatencyUnmeasured,
    /// After one fast probe, the next ones count as fast however long their answers took.
    OneFastProbeIsEnough,
    /// Nobody hears that a shift was closed, and the databases don't tell that it waits.
    ShiftClosedUnheard,
    /// The databases don't count edits among what waits: a scope that leaves the profile goes with its edits in it.
    RemovedScopeWaitsForNobody,
    /// The tables of another version of the profile become visible before it is in force.
    TablesSwitchedBeforeProfile,
    /// The store server gives rows by the published profile to registers that still have another version.
    PublishedServedAtOnce,
    /// The databases give as much of the outbox as a store server takes, however small the profile's batches are.
    BatchSizeIgnored,
    /// The driver says every second that the network has come back.
    NetworkComesBackEverySecond,
    /// Whoever waits for a look-up when its register goes offline is told nothing.
    LookUpForgottenOffline,
    /// The answer to a look-up is told twice.
    LookUpAnsweredTwice,
    /// Offline, the driver sends look-ups.
    LookUpSentOffline,
    /// Where several look-ups are on their way, the first answer is told to whoever asked last.
    LookUpsMixedUp,
    /// The store server gives a look-up the answer that it gave to the same words before.
    LookUpCached,
}

impl Mutation {
    /// All of them.
    pub const ALL: [Mutation; 50] = [
        Mutation::DedupeSkipped,
        Mutation::AcknowledgedBeforeCommit,
        Mutation::RejectedForgotten,
        Mutation::MendNotTold,
        Mutation::MendedVersionUntold,
        Mutation::UnknownOutcomeNumberTrusted,
        Mutation::OutcomeNumberBeforeOutcomes,
        Mutation::PlainSequence,
        Mutation::TombstonesForgotten,
        Mutation::OldestCursorForgotten,
        Mutation::CutPullLooksWhole,
        Mutation::RowsNeverLeaveView,
        Mutation::RelatedRowsUnwatched,
        Mutation::ViewUnnamed,
        Mutation::CursorBeforeRows,
        Mutation::SwitchBeforeComplete,
        Mutation::AbortTakenForSuccess,
        Mutation::ShownOutOfOrder,
        Mutation::OutboxDroppedWithTables,
        Mutation::AllSettledByPartialReply,
        Mutation::OutboxClearedByAnyReply,
        Mutation::NonceUnchecked,
        Mutation::PagesUnchecked,
        Mutation::DeadlinesForgotten,
        Mutation::NumberBeforeSale,
        Mutation::FinishedBeforeDurable,
        Mutation::OutboxReadNewestFirst,
        Mutation::BlindOverwrite,
        Mutation::ConflictUnrecorded,
        Mutation::DownloadOverwritesWaiting,
        Mutation::MergedEditEndsAtCursor,
        Mutation::DirectionUnchecked,
        Mutation::DigestIgnored,
        Mutation::DigestKeepsDeletedRows,
        Mutation::PagesTakenOverUnchecked,
        Mutation::OldRowsDroppedFirst,
        Mutation::ScopeDroppedWithWaitingRows,
        Mutation::LatencyUnmeasured,
        Mutation::OneFastProbeIsEnough,
        Mutation::ShiftClosedUnheard,
        Mutation::RemovedScopeWaitsForNobody,
        Mutation::TablesSwitchedBeforeProfile,
        Mutation::PublishedServedAtOnce,
        Mutation::BatchSizeIgnored,
        Mutation::NetworkComesBackEverySecond,
        Mutation::LookUpForgottenOffline,
        Mutation::LookUpAnsweredTwice,
        Mutation::LookUpSentOffline,
        Mutation::LookUpsMixedUp,
        Mutation::LookUpCached,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Mutation::DedupeSkipped => "dedupe-skipped",
            Mutation::AcknowledgedBeforeCommit => "acknowledged-before-commit",
            Mutation::RejectedForgotten => "rejected-forgotten",
            Mutation::MendNotTold => "mend-not-told",
            Mutation::MendedVersionUntold => "mended-version-untold",
            Mutation::UnknownOutcomeNumberTrusted => "unknown-outcome-number-trusted",
            Mutation::OutcomeNumberBeforeOutcomes => "outcome-number-before-outcomes",
            Mutation::PlainSequence => "plain-sequence",
            Mutation::TombstonesForgotten => "tombstones-forgotten",
            Mutation::OldestCursorForgotten => "oldest-cursor-forgotten",
            Mutation::CutPullLooksWhole => "cut-pull-looks-whole",
            Mutation::RowsNeverLeaveView => "rows-never-leave-view",
            Mutation::RelatedRowsUnwatched => "related-rows-unwatched",
            Mutation::ViewUnnamed => "view-unnamed",
            Mutation::CursorBeforeRows => "cursor-before-rows",
            Mutation::SwitchBeforeComplete => "switch-before-complete",
            Mutation::AbortTakenForSuccess => "abort-taken-for-success",
            Mutation::ShownOutOfOrder => "shown-out-of-order",
            Mutation::OutboxDroppedWithTables => "outbox-dropped-with-tables",
            Mutation::AllSettledByPartialReply => "all-settled-by-partial-reply",
            Mutation::OutboxClearedByAnyReply => "outbox-cleared-by-any-reply",
            Mutation::NonceUnchecked => "nonce-unchecked",
            Mutation::PagesUnchecked => "pages-unchecked",
            Mutation::DeadlinesForgotten => "deadlines-forgotten",
            Mutation::NumberBeforeSale => "number-before-sale",
            Mutation::FinishedBeforeDurable => "finished-before-durable",
            Mutation::OutboxReadNewestFirst => "outbox-read-newest-first",
            Mutation::BlindOverwrite => "blind-overwrite",
            Mutation::ConflictUnrecorded => "conflict-unrecorded",
            Mutation::DownloadOverwritesWaiting => "download-overwrites-waiting",
            Mutation::MergedEditEndsAtCursor => "merged-edit-ends-at-cursor",
            Mutation::DirectionUnchecked => "direction-unchecked",
            Mutation::DigestIgnored => "digest-ignored",
            Mutation::DigestKeepsDeletedRows => "digest-keeps-deleted-rows",
            Mutation::PagesTakenOverUnchecked => "pages-taken-over-unchecked",
            Mutation::OldRowsDroppedFirst => "old-rows-dropped-first",
            Mutation::ScopeDroppedWithWaitingRows => "scope-dropped-with-waiting-rows",
            Mutation::LatencyUnmeasured => "latency-unmeasured",
            Mutation::OneFastProbeIsEnough => "one-fast-probe-is-enough",
            Mutation::ShiftClosedUnheard => "shift-closed-unheard",
            Mutation::RemovedScopeWaitsForNobody => "removed-scope-waits-for-nobody",
            Mutation::TablesSwitchedBeforeProfile => "tables-switched-before-profile",
            Mutation::PublishedServedAtOnce => "published-served-at-once",
            Mutation::BatchSizeIgnored => "batch-size-ignored",
            Mutation::NetworkComesBackEverySecond => "network-comes-back-every-second",
            Mutation::LookUpForgottenOffline => "look-up-forgotten-offline",
            Mutation::LookUpAnsweredTwice => "look-up-answered-twice",
            Mutation::LookUpSentOffline => "look-up-sent-offline",
            Mutation::LookUpsMixedUp => "look-ups-mixed-up",
            Mutation::LookUpCached => "look-up-cached",
        }
    }

    /// The mutation with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Mutation> {
        Mutation::ALL.into_iter().find(|mutation| mutation.name() == name)
    }
}
