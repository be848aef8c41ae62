//! The program under measurement, as a process of its own.

use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::client::{Conn, request};

/// The settings of a program: the database and a folder for the rest.
#[derive(Debug, Clone)]
pub struct Place {
    pub url: String,
    pub folder: String,
}

/// A command of the program in this place, its log thrown away.
pub fn command(place: &Place, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nongcot"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("NONGCOT")) {
        command.env_remove(name);
    }
    command
        .env("NONGCOT__DATABASE__URL", &place.url)
        .env("NONGCOT__STORAGE__DIR", &place.folder)
        .env("NONGCOT__METRICS__LISTEN", "")
        .args(args)
        .stdin(Stdio::null());
    command
}

/// A process whose figures the system tells. Killed when dropped.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    files: SocketAddr,
}

impl Program {
    /// `serve` on free ports; and how long it took until the first page was there.
    pub async fn serve(place: &Place, settings: &[(&str, &str)]) -> (Self, Duration) {
        let [http, files] =
            [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address"));
        Self::serve_at(place, settings, http, files).await
    }

    async fn serve_at(
        place: &Place,
        settings: &[(&str, &str)],
        http: SocketAddr,
        files: SocketAddr,
    ) -> (Self, Duration) {
        let mut serve = command(place, &["serve"]);
        serve
            .env("NONGCOT__HTTP__LISTEN", http.to_string())
            .env("NONGCOT__FILES__LISTEN", files.to_string())
            // The log is written as in life, to where nobody reads it.
            .env("NONGCOT__LOG__LEVEL", "info")
            .env("NONGCOT__HTTP__TRUSTED_PROXIES", "127.0.0.1");
        for (name, value) in settings {
            serve.env(format!("NONGCOT__{name}"), value);
        }
        let log = std::fs::File::create(format!("{}/serve.log", place.folder)).expect("a log");
        let began = Instant::now();
        let child = serve.stdout(Stdio::null()).stderr(log).spawn().expect("the program");
        let program = Self { child, address: http, files };
        let first = request("GET", "/dang-nhap", "", "");
        for _ in 0..30_000 {
            if let Ok(mut conn) = Conn::open(http).await
                && let Ok(reply) = conn.exchange(&first).await
                && reply.status == 200
            {
                return (program, began.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("the program does not answer after a minute; see {}/serve.log", place.folder);
    }

    /// Processor time so far, of the program and the system for it.
    pub fn cpu(&self) -> Duration {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<u64> = text
            .rsplit_once(") ")
            .map(|(_, rest)| rest.split(' ').map(|field| field.parse().unwrap_or(0)).collect())
            .unwrap_or_default();
        // A hundredth of a second each, as Linux tells it.
        Duration::from_millis((fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)) * 10)
    }

    /// Resident memory in MB; `peak` for the most it ever was.
    pub fn memory(&self, peak: bool) -> u64 {
        memory_of(self.child.id(), peak).unwrap_or(0)
    }

    /// Ends it as a power cut does and starts it again on the same addresses; how long it took until the first page was there.
    pub async fn kill_and_serve(&mut self, place: &Place, settings: &[(&str, &str)]) -> Duration {
        self.kill();
        let (again, ready) = Self::serve_at(place, settings, self.address, self.files).await;
        *self = again;
        ready
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn memory_of(process: u32, peak: bool) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let wanted = if peak { "VmHWM:" } else { "VmRSS:" };
    let line = text.lines().find(|line| line.starts_with(wanted))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1024)
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a command to its end: whether it succeeded, how long it took, and the most memory it held, in MB.
pub fn timed(mut command: Command) -> (bool, Duration, u64) {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("the program");
    let mut most = 0;
    loop {
        most = most.max(memory_of(child.id(), true).unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child") {
            return (status.success(), began.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
