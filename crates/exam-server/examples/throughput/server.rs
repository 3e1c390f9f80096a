//! A server as the measuring side sees it: a process that is told things, and whose time on the
//! processor can be read.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::Bad;
use crate::args::Serve;
use crate::machine::cpu_of;

/// A server process; ended with the value.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    orders: ChildStdin,
    lines: BufReader<ChildStdout>,
}

/// Where a server listens, and how many records it found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    pub(crate) records: u64,
}

impl Server {
    pub(crate) fn spawn(plan: &Serve) -> Result<Self, Bad> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(plan.words())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (orders, lines) = (process.stdin.take(), process.stdout.take());
        Ok(Self {
            process,
            orders: orders.ok_or("the server has no input")?,
            lines: BufReader::new(lines.ok_or("the server has no output")?),
        })
    }

    /// Waits until it listens.
    pub(crate) fn listening(&mut self) -> Result<Listening, Bad> {
        let rest = self.hear("listening ")?;
        let (address, records) = rest.split_once(' ').ok_or("the server is not understood")?;
        Ok(Listening {
            address: address.parse()?,
            records: records.parse()?,
        })
    }

    /// The room starts.
    pub(crate) fn start(&mut self) -> Result<(), Bad> {
        writeln!(self.orders, "start")?;
        self.hear("started").map(|_| ())
    }

    /// Time it has had on the processors so far.
    pub(crate) fn cpu(&self) -> Result<Duration, Bad> {
        cpu_of(&self.process.id().to_string())
    }

    fn hear(&mut self, word: &str) -> Result<String, Bad> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        let rest = line.trim_end().strip_prefix(word);
        let rest = rest.ok_or_else(|| format!("the server said {line:?} instead of {word:?}"))?;
        Ok(rest.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has left already cannot be killed, and that is as well.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
