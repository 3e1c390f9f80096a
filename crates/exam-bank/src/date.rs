//! Times in UTC as `2026-11-21T08:30:00Z`: read by people who sign, exact to the second.
//!
//! No zone but UTC, no clock, no leap seconds.

use exam_core::WallTime;

/// Writes a time; parts of a second are dropped.
pub fn write(time: WallTime) -> String {
    let seconds = time.0.div_euclid(1000);
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads a time as [`write()`] writes it; years 1970 to 9999.
pub fn read(text: &str) -> Option<WallTime> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.split('-').map(number);
    let mut time = time.split(':').map(number);
    let mut next = || date.next().flatten();
    let (year, month, day) = (next()?, next()?, next()?);
    let mut next = || time.next().flatten();
    let (hour, minute, second) = (next()?, next()?, next()?);
    let days = days_of(year, month, day);
    let time = WallTime((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000);
    // Writing it again refuses the 30th of February and every other spelling.
    (time.0 >= 0 && write(time) == text).then_some(time)
}

/// Reads a day such as `2027-12-31` as its last second, UTC: until when something holds.
pub fn end_of_day(text: &str) -> Option<WallTime> {
    read(&format!("{text}T23:59:59Z"))
}

fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 4 && text.chars().all(|c| c.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Days since 1970-01-01 of a day of the Gregorian calendar; the year begins in March, so that the
/// leap day comes last.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The other way round.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_249_845, "2026-11-21T08:30:45Z"),
        ] {
            assert_eq!(write(WallTime(seconds * 1000)), text);
            assert_eq!(read(text), Some(WallTime(seconds * 1000)));
        }
        for text in [
            "2026-02-30T00:00:00Z",
            "2026-1-1T00:00:00Z",
            "2026-11-21",
            "",
            "é-é-éTé:é:éZ",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_second_survives_its_text(seconds in 0_i64..250_000_000_000) {
            prop_assert_eq!(read(&write(WallTime(seconds * 1000))), Some(WallTime(seconds * 1000)));
        }
    }
}
