//! What the server says when it refuses, as people read it.

use holdfast_profile::{Finding, change_plan, default_profile, three_way_merge, validate};
use holdfast_protocol::Versions;
use holdfast_store_server::attempts::Wait;
use holdfast_store_server::error::ApiError;
use holdfast_store_server::profiles::{ChangedOther, LostDraft, ProfileRefusal};
use holdfast_store_server::upload::UploadRefusal;

use crate::support::NOON_MS;

#[test]
fn each_problem_says_what_happened_what_is_safe_and_what_to_do() {
    let text = str::to_owned;
    let (mut slow, mut invalid) = (default_profile(), default_profile());
    slow.device.offline_timeout_s = 60;
    invalid.device.offline_timeout_s = 0;
    invalid.name.clear();
    let problems = [
        ApiError::Malformed(text("The body is not the message it should be: end of input.")),
        ApiError::TooLarge(text("It may have 500 entries at most.")),
        ApiError::TooSlow,
        ApiError::VersionUnknown { asked: 9, versions: Versions::OF_THIS_BUILD },
        ApiError::VersionUnknown { asked: 1, versions: Versions { protocol_min: 2, protocol: 3, schema: 2 } },
        ApiError::RegisterUnknown,
        ApiError::ActivationCodeUnknown,
        ApiError::ActivationCodeExpired,
        ApiError::ActivationCodeUsed { at_ms: NOON_MS, device_name: text("Till 2") },
        ApiError::ActivationCodeUsed { at_ms: NOON_MS, device_name: String::new() },
        ApiError::TooManyAttempts(Wait { seconds: 64 }),
        ApiError::Upload(UploadRefusal::Gap { expected: 5, got: 9 }),
        ApiError::Upload(UploadRefusal::ChainBroken { seq: 5, reason: "its content is not what was sealed" }),
        ApiError::TableNotInProfile(text("sale")),
        ApiError::NotFound,
        ApiError::WrongMethod,
        ApiError::SignInNeeded,
        ApiError::PasswordWrong,
        ApiError::ForeignSite,
        ApiError::Field {
            field: "name",
            reason: text("A register's name has 1 to 60 characters, on one line."),
        },
        ProfileRefusal::NotFound.into(),
        ProfileRefusal::Field { field: "profile", reason: text("There is no such profile. Choose another.") }
            .into(),
        ProfileRefusal::Invalid { findings: validate(&invalid), after_merge: false }.into(),
        ProfileRefusal::Conflicts {
            conflicts: three_way_merge(&default_profile(), &slow, &invalid).unwrap_err(),
        }
        .into(),
        ProfileRefusal::Used { detail: text("Register 2 uses it; give it another one first.") }.into(),
        ProfileRefusal::ScopeUsed { detail: text("It is a line of “Garden”. Remove that line first.") }
            .into(),
        ProfileRefusal::ChangesOthers {
            others: vec![ChangedOther { id: 2, name: text("Garden"), scopes: vec![text("Staff")] }],
        }
        .into(),
        ProfileRefusal::LosesDraft {
            draft: Box::new(LostDraft {
                id: 1,
                name: text("Garden"),
                revision: 7,
                updated_at_ms: NOON_MS,
                updated_by: text("ada"),
                plan: change_plan(&default_profile(), &slow),
            }),
        }
        .into(),
        ProfileRefusal::NoRoom {
            finding: Finding {
                field: text("registers"),
                reason: text("“Till 2” has no room for what it would download."),
                mend: text("Free storage there, or give it all the same."),
            },
        }
        .into(),
        ProfileRefusal::Changed { revision: 7 }.into(),
        ProfileRefusal::Unchanged { version: 3 }.into(),
        ApiError::NotThatKindOfFile(text("The file is empty.")),
        ApiError::Busy(Wait { seconds: 7 }),
        ApiError::Internal,
    ];
    let said: Vec<String> = problems
        .iter()
        .map(|error| {
            let problem = error.problem();
            format!("{} {}\n  {}\n  {}\n", problem.status, problem.code, problem.title, problem.detail)
        })
        .collect();
    check_snapshot("problems.txt", &said.concat());
}

/// Compares with a file beside the tests; `HOLDFAST_UPDATE_SNAPSHOTS=1` writes it anew.
fn check_snapshot(name: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("HOLDFAST_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{}", path.display());
}
