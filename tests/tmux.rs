//! A terminal that a test types into and reads: tmux on a socket of its own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// A tmux session running one command; it ends with the value.
#[derive(Debug)]
pub struct Tmux {
    socket: String,
}

/// Says whether there is a tmux; tests that need one say SKIPPED without it.
pub fn is_there() -> bool {
    Command::new("tmux")
        .arg("-V")
        .output()
        .is_ok_and(|output| output.status.success())
}

impl Tmux {
    /// Starts `command` in a terminal of this size. The shell it runs in says how it ended.
    pub fn start(name: &str, command: &str, width: u16, height: u16) -> Self {
        let socket = format!("examhall-{name}-{}", std::process::id());
        let tmux = Self { socket };
        let (x, y) = (width.to_string(), height.to_string());
        let shell = format!("LANG=C.UTF-8 {command}; echo ended with $?; sleep 600");
        let args = [
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            &x,
            "-y",
            &y,
            &shell,
        ];
        assert!(tmux.run(&args).0, "tmux did not start");
        tmux
    }

    fn run(&self, args: &[&str]) -> (bool, String) {
        let output = Command::new("tmux")
            .env("LANG", "C.UTF-8")
            .env_remove("TMUX")
            .args(["-u", "-L", &self.socket])
            .args(args)
            .output()
            .unwrap();
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    }

    /// Presses keys, by tmux's names.
    pub fn press(&self, keys: &[&str]) {
        let mut args = vec!["send-keys"];
        args.extend(keys);
        assert!(self.run(&args).0, "tmux did not take {keys:?}");
    }

    /// Types text as it is.
    pub fn type_text(&self, text: &str) {
        assert!(self.run(&["send-keys", "-l", text]).0);
    }

    /// What stands on the screen now.
    pub fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"]).1
    }

    /// Waits until the screen holds `text`.
    ///
    /// # Panics
    /// With the screen as it was, if that does not happen within a minute.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(text, |screen| screen.contains(text))
    }

    /// Waits until the screen fits.
    ///
    /// # Panics
    /// With the screen as it was, if that does not happen within a minute.
    pub fn wait_until(&self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        for _ in 0..1200 {
            let screen = self.screen();
            if fits(&screen) {
                return screen;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("never saw {what:?}; the screen was:\n{}", self.screen());
    }

    /// Kills the one process whose command line holds `words`, as a power switch would.
    pub fn kill_process(words: &Path) {
        let pattern = words.to_string_lossy().into_owned();
        let killed = Command::new("pkill")
            .args(["-KILL", "-f", &pattern])
            .status()
            .unwrap();
        assert!(killed.success(), "nothing to kill: {pattern}");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}
