//! The real binary as a process of its own.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::Client;

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

/// `nongcot serve` as a process of its own. Killed when dropped.
pub struct Server {
    child: Child,
    pub base: String,
}

impl Server {
    /// Starts it on free ports and waits until it is ready. `before` is put in front of the command, such as a tracer.
    pub async fn start(before: &[&str], settings: &[(&str, &str)]) -> Self {
        let [http, files] =
            [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address"));
        let (listen, files) = (http.to_string(), files.to_string());
        let mut all = vec![("HTTP__LISTEN", listen.as_str()), ("FILES__LISTEN", &files), ("METRICS__LISTEN", "")];
        all.extend_from_slice(settings);
        let plain = program(&all, &["serve"]);
        let mut command = match before.split_first() {
            None => plain,
            Some((tool, args)) => {
                let mut wrapped = Command::new(tool);
                wrapped.args(args).arg(plain.get_program()).args(plain.get_args());
                for (name, value) in plain.get_envs() {
                    match value {
                        Some(value) => wrapped.env(name, value),
                        None => wrapped.env_remove(name),
                    };
                }
                wrapped
            }
        };
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
        let mut server = Self { child, base: format!("http://localhost:{}", http.port()) };
        let mut browser = Client::new(&server.base);
        for _ in 0..600 {
            if let Ok(reply) = browser.try_send(reqwest::Method::GET, "/readyz", &[], None).await
                && reply.status == 200
            {
                return server;
            }
            if let Ok(Some(status)) = server.child.try_wait() {
                panic!("the server ended: {status}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server is not ready after 30 seconds");
    }

    /// How it ended, should it have ended by itself.
    pub fn end(&mut self) -> Option<std::process::ExitStatus> {
        self.child.try_wait().expect("a child")
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success(), "the signal was not sent");
    }

    /// As when the power goes: no handler, no goodbye.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
