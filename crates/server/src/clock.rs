//! Where the time comes from.

use pretil_wire::bedrock::Timestamp;

/// Wall-clock time. A trait so that tests can fix it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that may ask the machine for the time"
    )]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A clock set before 1970 gives the epoch itself.
        let microseconds = since_epoch.map_or(0, |elapsed| elapsed.as_micros());
        Timestamp::from_microseconds(i64::try_from(microseconds).unwrap_or(i64::MAX))
    }
}
