//! How a new process carries hall time on (ARCHITECTURE decision 2).
//!
//! A pure function of what the journals say and what the machine says; it reads no clock.

use exam_core::{BootId, HallTime, Resumed, Span, WallTime};

use super::Speed;

/// A gap of the wall clock above this, or below zero, is not believed.
const BELIEVED: Span = Span::minutes(10);

/// One instant on both clocks: how hall time lies on the machine's boot-time clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Milliseconds since boot.
    pub boot_ms: i64,
    /// Hall time at that instant.
    pub hall: HallTime,
}

impl Anchor {
    /// Returns hall time at millisecond `boot_ms` of the same boot.
    pub fn hall_at(self, boot_ms: i64, speed: Speed) -> HallTime {
        let passed = boot_ms.saturating_sub(self.boot_ms);
        self.hall + Span(passed.saturating_mul(i64::from(speed.factor())))
    }
}

/// The newest thing the journals know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastSeen {
    /// Hall time of the newest record.
    pub hall: HallTime,
    /// Its wall time.
    pub wall: WallTime,
    /// The boot it was written on, and the anchor of that process, where one is on record.
    pub process: Option<(BootId, Anchor)>,
}

/// Says where hall time stands now, and how it was carried on.
///
/// Same boot: the boot-time clock simply ran on. Another boot: last record + difference of wall
/// time. If that is negative or over ten minutes, hall time resumes at the last record.
pub fn resume(
    last: Option<LastSeen>,
    boot: BootId,
    boot_ms: i64,
    wall: WallTime,
) -> (Anchor, Resumed) {
    let Some(last) = last else {
        let hall = HallTime(boot_ms);
        return (Anchor { boot_ms, hall }, Resumed::First);
    };
    if let Some((known, anchor)) = last.process
        && known == boot
    {
        // A rehearsal's fast clock may have run ahead of it: hall time never steps back.
        let hall = anchor.hall_at(boot_ms, Speed::REAL).max(last.hall);
        let away = hall - last.hall;
        return (Anchor { boot_ms, hall }, Resumed::SameBoot { away });
    }
    let away = Span(wall.0.saturating_sub(last.wall.0));
    let (hall, resumed) = if away < Span::ZERO || away > BELIEVED {
        (last.hall, Resumed::Uncertain { claimed: away })
    } else {
        (last.hall + away, Resumed::Reboot { away })
    };
    (Anchor { boot_ms, hall }, resumed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: BootId = BootId([1; 16]);
    const OTHER: BootId = BootId([2; 16]);

    fn last() -> LastSeen {
        let anchor = Anchor {
            boot_ms: 100,
            hall: HallTime(10_100),
        };
        LastSeen {
            hall: HallTime(20_000),
            wall: WallTime(1_000_000),
            process: Some((BOOT, anchor)),
        }
    }

    #[test]
    fn on_the_same_boot_hall_time_ran_on_whatever_the_wall_clock_says() {
        let (anchor, resumed) = resume(Some(last()), BOOT, 50_100, WallTime(-7));
        assert_eq!(anchor.hall, HallTime(60_100));
        let away = Span(40_100);
        assert_eq!(resumed, Resumed::SameBoot { away });
    }

    #[test]
    fn after_a_reboot_the_wall_clock_is_believed_for_ten_minutes() {
        for (wall, hall, expected) in [
            (
                1_600_000,
                620_000,
                Resumed::Reboot {
                    away: Span(600_000),
                },
            ),
            (
                1_600_001,
                20_000,
                Resumed::Uncertain {
                    claimed: Span(600_001),
                },
            ),
            (999_999, 20_000, Resumed::Uncertain { claimed: Span(-1) }),
        ] {
            let (anchor, resumed) = resume(Some(last()), OTHER, 5, WallTime(wall));
            assert_eq!((anchor.hall, resumed), (HallTime(hall), expected), "{wall}");
            assert_eq!(anchor.boot_ms, 5);
        }
    }

    #[test]
    fn a_first_process_starts_on_the_boot_time_clock() {
        let (anchor, resumed) = resume(None, BOOT, 77, WallTime(0));
        assert_eq!(
            anchor,
            Anchor {
                boot_ms: 77,
                hall: HallTime(77)
            }
        );
        assert_eq!(resumed, Resumed::First);
    }
}
