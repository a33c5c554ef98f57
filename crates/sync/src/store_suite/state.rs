//! What an engine finds when it starts.

use holdfast_profile::default_profile;

use super::{Outcome, Subject, done, ensure, load, switch_profile};
use crate::connectivity::Connectivity;
use crate::store::{RegisterState, StoreCall, UploadTimes};

/// A register that has just been activated.
pub async fn an_empty_register_loads_as_empty<S: Subject>(subject: &mut S) -> Outcome {
    let state = load(subject).await?;
    ensure!(state == RegisterState::default(), "an empty register loads as {state:?}");
    Ok(())
}

/// The worker may be killed at any time; deadlines go on over it.
pub async fn mode_and_profile_are_found_again_after_a_kill<S: Subject>(subject: &mut S) -> Outcome {
    let mut connectivity = Connectivity::default();
    connectivity.go_offline(1_790_000_000_000);
    let mut profile = default_profile();
    done(subject, switch_profile(4, &profile, Vec::new())).await?;
    profile.device.offline_timeout_s = 9;
    done(subject, switch_profile(5, &profile, Vec::new())).await?;
    done(subject, StoreCall::SaveConnectivity(connectivity)).await?;
    let uploads = UploadTimes { began_at_ms: Some(1_790_000_000_001), owed: true };
    done(subject, StoreCall::SaveUploads(uploads)).await?;
    subject.reopen().await?;
    let state = load(subject).await?;
    ensure!(state.uploads == Some(uploads), "the upload's schedule is {:?}", state.uploads);
    ensure!(state.connectivity == Some(connectivity), "the mode is {:?}", state.connectivity);
    ensure!(state.profile == Some((5, profile)), "the profile is {:?}", state.profile);
    Ok(())
}
