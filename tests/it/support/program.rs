//! The real binary as a process of its own.

use std::process::{Command, Stdio};

/// How it ended and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    #[track_caller]
    pub fn ended(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.out.contains(text) || self.err.contains(text), "not said: {text:?}\n{}\n{}", self.out, self.err);
        self
    }
}

/// The binary with these settings (`HTTP__LISTEN`, value) and none of this process's own.
pub fn program(settings: &[(&str, &str)], args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nongcot"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NONGCOT")) {
        command.env_remove(name);
    }
    for (name, value) in settings {
        command.env(format!("NONGCOT__{name}"), value);
    }
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end, without holding up other tasks of the test.
pub async fn run(settings: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = program(settings, args);
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("a task").expect("the program");
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
