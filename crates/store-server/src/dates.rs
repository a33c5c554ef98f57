//! Days as people say them.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MS_PER_DAY: i64 = 86_400_000;

/// `24 November`, of a time in ms since 1970, in UTC.
pub fn day_and_month(at_ms: i64) -> String {
    // Days from 1 March of year 0, so that the leap day is the last of its year (H. Hinnant's civil calendar).
    let days = at_ms.div_euclid(MS_PER_DAY) + 719_468;
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = MONTHS.iter().cycle().skip(2).nth(usize::try_from(month_from_march).unwrap_or_default());
    format!("{day} {}", month.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day_and_month(0), "1 January");
        assert_eq!(day_and_month(-1), "31 December");
        assert_eq!(day_and_month(951_782_400_000), "29 February");
        assert_eq!(day_and_month(951_868_800_000), "1 March");
        assert_eq!(day_and_month(1_795_478_400_000), "24 November");
    }
}
