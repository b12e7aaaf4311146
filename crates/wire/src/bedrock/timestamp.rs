//! Timestamps as the service writes them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A point in time in microseconds since the Unix epoch, written `2026-11-22T01:02:03.123456Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

const MICROSECONDS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

impl Timestamp {
    /// From microseconds since the Unix epoch, kept within the years 1 to 9999.
    pub fn from_microseconds(microseconds: i64) -> Self {
        /// 0001-01-01T00:00:00Z.
        const FIRST: i64 = -62_135_596_800 * MICROSECONDS_PER_SECOND;
        /// 9999-12-31T23:59:59.999999Z.
        const LAST: i64 = 253_402_300_800 * MICROSECONDS_PER_SECOND - 1;
        Self(microseconds.clamp(FIRST, LAST))
    }

    /// Microseconds since the Unix epoch.
    pub fn microseconds(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(MICROSECONDS_PER_SECOND);
        let fraction = self.0.rem_euclid(MICROSECONDS_PER_SECOND);
        let (year, month, day) = civil_from_days(seconds.div_euclid(SECONDS_PER_DAY));
        let second = seconds.rem_euclid(SECONDS_PER_DAY);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{fraction:06}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

/// Year, month and day in the proleptic Gregorian calendar, from days since 1970-01-01
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Days since 1970-01-01 (the same source, `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The text is not a timestamp as [`Timestamp`] writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a timestamp of the form 2026-11-22T01:02:03.123456Z")]
pub struct TimestampError;

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let number = |range: std::ops::Range<usize>| {
            let digits = text.get(range).ok_or(TimestampError)?;
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(TimestampError);
            }
            digits.parse::<i64>().map_err(|_| TimestampError)
        };
        let days = days_from_civil(number(0..4)?, number(5..7)?, number(8..10)?);
        let seconds = number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
        let microseconds =
            (days * SECONDS_PER_DAY + seconds) * MICROSECONDS_PER_SECOND + number(20..26)?;
        let timestamp = Self::from_microseconds(microseconds);
        // Separators, lengths and impossible dates: only what would be written like this is read.
        if timestamp.to_string() == text {
            Ok(timestamp)
        } else {
            Err(TimestampError)
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_points() {
        let cases = [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (1_795_309_323_123_456, "2026-11-22T01:02:03.123456Z"),
            (i64::MAX, "9999-12-31T23:59:59.999999Z"),
            (i64::MIN, "0001-01-01T00:00:00.000000Z"),
        ];
        for (microseconds, text) in cases {
            assert_eq!(Timestamp::from_microseconds(microseconds).to_string(), text);
        }
    }

    #[test]
    fn what_is_not_a_timestamp_is_refused() {
        for text in [
            "",
            "2026-02-30T00:00:00.000000Z",
            "2026-11-22T01:02:03Z",
            "2026-11-22 01:02:03.123456Z",
            "2026-11-22T24:00:00.000000Z",
            "2026-11-22T01:02:03.123456+",
            "+026-11-22T01:02:03.123456Z",
            "２026-11-22T01:02:03.123456Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimestampError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(microseconds: i64) {
            let timestamp = Timestamp::from_microseconds(microseconds);
            prop_assert_eq!(timestamp.to_string().parse(), Ok(timestamp));
        }
    }
}
