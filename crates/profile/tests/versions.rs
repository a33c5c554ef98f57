//! Publishing, and going back.

use holdfast_profile::{
    Profile, ProfileVersion, Publication, PublishError, change_plan, default_profile, publish, restore,
};

fn publication(number: u64) -> Publication {
    Publication { number, at_ms: 1_000, by: "Ada".into() }
}

fn with_timeout(offline_timeout_s: u32) -> Profile {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = offline_timeout_s;
    profile
}

fn published(number: u64, offline_timeout_s: u32) -> ProfileVersion {
    publish(None, with_timeout(offline_timeout_s), publication(number)).expect("a valid profile")
}

#[test]
fn a_version_keeps_who_published_it_and_when() {
    let version = published(1, 5);
    assert_eq!((version.number, version.published_at_ms, version.published_by.as_str()), (1, 1_000, "Ada"));
    let bytes = minicbor::to_vec(&version).unwrap();
    assert_eq!(minicbor::decode::<ProfileVersion>(&bytes).unwrap(), version);
}

#[test]
fn what_is_invalid_or_unchanged_is_not_published() {
    let latest = published(7, 5);
    let refused = publish(Some(&latest), with_timeout(0), publication(8)).unwrap_err();
    assert!(
        matches!(&refused, PublishError::Invalid { findings } if findings[0].field == "device.offline_timeout_s")
    );
    let refused = publish(Some(&latest), with_timeout(5), publication(8));
    assert_eq!(refused, Err(PublishError::Unchanged { number: 7 }));
    let refused = publish(Some(&latest), with_timeout(6), publication(7));
    assert_eq!(refused, Err(PublishError::NumberTaken { number: 7, latest: 7 }));
}

#[test]
fn going_back_is_a_new_version_with_the_old_profile() {
    let (first, second) = (published(1, 5), published(2, 20));
    let third = restore(&second, &first, publication(3)).unwrap();
    assert_eq!((third.number, third.restored_from), (3, Some(1)));
    assert!(change_plan(&first.profile, &third.profile).is_empty());
}
