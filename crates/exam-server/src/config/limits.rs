//! Limits of the door and of each stream (RELIABILITY 5), as set in `hall.toml`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Limits against floods and mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections from one address at a time.
    pub connections_per_address: u32,
    /// Connections in all; 0 = twice the seats of the sitting, and at least 32.
    pub connections: u32,
    /// New connections from one address in a second.
    pub accepts_per_second: u32,
    /// How long a TLS handshake may take.
    pub handshake_seconds: u32,
    /// How long a connection may stay without an allowed call.
    pub first_call_seconds: u32,
    /// How often a quiet connection is asked for a sign of life, and how long it is waited for.
    pub keepalive_seconds: u32,
    /// Longest message taken in, in bytes.
    pub message_bytes: u32,
    /// Calls of one connection at a time.
    pub calls_per_connection: u32,
    /// Commands of one stream whose effect is not durable yet; above it the stream is not read.
    pub commands_in_flight: u32,
    /// Commands a second that one stream may keep up.
    pub commands_per_second: u32,
    /// Commands a stream may send at once after a rest: a spool after a cable was out.
    pub commands_burst: u32,
    /// Messages that may wait for a slow kiosk; above it its stream is closed and resumes.
    pub messages_waiting: u32,
    /// Log-in tries of one seat in a minute.
    pub log_in_tries: u32,
    /// Failed log-ins in the hall in a minute that raise an alarm.
    pub log_in_alarm: u32,
    /// Failed enrolments from one address in a minute.
    pub enrolment_tries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_per_address: 4,
            connections: 0,
            accepts_per_second: 10,
            handshake_seconds: 3,
            first_call_seconds: 5,
            keepalive_seconds: 5,
            message_bytes: 64 * 1024,
            calls_per_connection: 8,
            commands_in_flight: 8,
            commands_per_second: 20,
            commands_burst: 200,
            messages_waiting: 128,
            log_in_tries: 5,
            log_in_alarm: 20,
            enrolment_tries: 5,
        }
    }
}

impl Limits {
    /// Returns these limits with room for `clients` simulated kiosks on one machine: what a hall
    /// that demo or rehearse starts sets for itself.
    #[must_use]
    pub fn for_clients_on_one_machine(mut self, clients: u32) -> Self {
        let room = clients.saturating_mul(2).saturating_add(16);
        self.connections_per_address = self.connections_per_address.max(room);
        self.connections = self.connections.max(room);
        self.accepts_per_second = self.accepts_per_second.max(room);
        self
    }

    /// Returns the cap of connections for a sitting of `seats`.
    pub fn connections_for(&self, seats: usize) -> u32 {
        match self.connections {
            0 => u32::try_from(seats.saturating_mul(2))
                .unwrap_or(u32::MAX)
                .max(32),
            set => set,
        }
    }

    /// The handshake's limit as a duration.
    pub fn handshake(&self) -> Duration {
        Duration::from_secs(u64::from(self.handshake_seconds))
    }

    /// The limit of the first call as a duration.
    pub fn first_call(&self) -> Duration {
        Duration::from_secs(u64::from(self.first_call_seconds))
    }

    /// The sign-of-life interval as a duration.
    pub fn keepalive(&self) -> Duration {
        Duration::from_secs(u64::from(self.keepalive_seconds))
    }

    pub(super) fn out_of_range(&self) -> Option<(&'static str, &'static str)> {
        let positive = [
            (
                "limits.connections_per_address",
                self.connections_per_address,
            ),
            ("limits.accepts_per_second", self.accepts_per_second),
            ("limits.handshake_seconds", self.handshake_seconds),
            ("limits.first_call_seconds", self.first_call_seconds),
            ("limits.keepalive_seconds", self.keepalive_seconds),
            ("limits.calls_per_connection", self.calls_per_connection),
            ("limits.commands_in_flight", self.commands_in_flight),
            ("limits.commands_per_second", self.commands_per_second),
            ("limits.commands_burst", self.commands_burst),
            ("limits.log_in_tries", self.log_in_tries),
            ("limits.log_in_alarm", self.log_in_alarm),
            ("limits.enrolment_tries", self.enrolment_tries),
        ];
        if let Some((field, _)) = positive.iter().find(|(_, value)| *value == 0) {
            return Some((field, "must be at least 1"));
        }
        if !(4_096..=1_048_576).contains(&self.message_bytes) {
            return Some(("limits.message_bytes", "must be between 4096 and 1048576"));
        }
        if self.messages_waiting < 16 {
            return Some(("limits.messages_waiting", "must be at least 16"));
        }
        None
    }
}
