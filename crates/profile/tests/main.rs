//! Behaviour of profiles.
#[test]
fn print() {
    use holdfast_profile::*;
    let mut p = default_profile();
    println!("HEX1 {}", minicbor::to_vec(&p).unwrap().iter().map(|b| format!("{b:02x}")).collect::<String>());
    p.device.upload_transactions = UploadTransactions::EveryMinutes { minutes: 15 };
    p.device.check_for_new_database = CheckForNewDatabase::Never;
    p.scopes[5].direction = Direction::Bidirectional;
    p.scopes[3].frequency = Frequency::EveryMinutes { minutes: 30 };
    p.scopes[4].frequency = Frequency::DailyAt { minute_of_day: 210 };
    p.scopes[2].frequency = Frequency::ByHand;
    println!("HEX2 {}", minicbor::to_vec(&p).unwrap().iter().map(|b| format!("{b:02x}")).collect::<String>());
}
