//! Two processes that change the profiles of one store at once.

use std::collections::BTreeMap;

use holdfast_profile::{Profile, default_profile};
use holdfast_store_server::database::Database;
use holdfast_store_server::profiles::{ProfileChange, ProfileDone, ProfileOrder, ProfileRefusal};

use crate::support::{NOON_MS, TestServer};

/// An order of one of the processes; on a collision it is begun again there.
async fn order(
    database: &Database,
    store_id: &str,
    by: &str,
    change: ProfileChange,
) -> Result<ProfileDone, ProfileRefusal> {
    let order = ProfileOrder { by: by.to_owned(), at_ms: NOON_MS, change };
    database.change_profiles(store_id, &order).await.unwrap()
}

fn save(base_revision: u64, profile: Profile) -> ProfileChange {
    ProfileChange::Save { id: 1, base_revision, profile, renames: Vec::new(), choices: BTreeMap::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_publishes_and_the_other_is_told() {
    let server = TestServer::start().await;
    let store_id = server.store().await.row.id;
    let other = Database::open(&server.test_database.place).await.unwrap();
    let (one, two) = (&server.database, &other);
    for round in 1..10_u32 {
        let revision = u64::from(round);
        let mut profile = default_profile();
        profile.device.offline_timeout_s = 5 + round;
        order(one, &store_id, "ann", save(revision, profile)).await.unwrap();
        let publish = || ProfileChange::Publish { id: 1, revision: revision + 1 };
        let (ann, bo) =
            tokio::join!(order(one, &store_id, "ann", publish()), order(two, &store_id, "bo", publish()));
        let version = revision + 1;
        let told = match (&ann, &bo) {
            (Ok(done), Err(refusal)) | (Err(refusal), Ok(done)) => {
                assert_eq!(done.version, Some(version));
                refusal
            }
            both => panic!("{both:?}"),
        };
        assert_eq!(*told, ProfileRefusal::Unchanged { version });
    }
    let records = one.profile_versions(&store_id, 1).await.unwrap();
    let numbers: Vec<u64> = records.iter().map(|record| record.version).collect();
    assert_eq!(numbers, (1..=10).rev().collect::<Vec<u64>>());
    other.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_both_save_where_they_change_different_fields() {
    let server = TestServer::start().await;
    let store_id = server.store().await.row.id;
    let other = Database::open(&server.test_database.place).await.unwrap();
    let (one, two) = (&server.database, &other);
    let mut both = default_profile();
    for round in 1..10_u32 {
        let revision = u64::from(round) * 2 - 1;
        let (mut mine, mut theirs) = (both.clone(), both.clone());
        mine.device.offline_timeout_s = 5 + round;
        theirs.scopes[2].description = format!("Round {round}.");
        both.device.offline_timeout_s = mine.device.offline_timeout_s;
        both.scopes[2].description.clone_from(&theirs.scopes[2].description);
        let (ann, bo) = tokio::join!(
            order(one, &store_id, "ann", save(revision, mine)),
            order(two, &store_id, "bo", save(revision, theirs))
        );
        // Whoever came second was merged.
        assert_ne!(ann.unwrap().merged, bo.unwrap().merged);
        let shelf = one.profile_shelf(&store_id).await.unwrap();
        assert_eq!((shelf.profiles[0].revision, &shelf.profiles[0].draft), (revision + 2, &both));
    }
    other.close().await;
}
