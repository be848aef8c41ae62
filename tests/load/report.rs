//! The table that is printed.

use std::fmt;

use crate::measure::Outcome;

pub struct Table {
    connections: usize,
    rows: Vec<[String; 10]>,
    notes: Vec<String>,
}

impl Table {
    pub fn new(connections: usize) -> Self {
        Self { connections, rows: Vec::new(), notes: Vec::new() }
    }

    /// Said at once as well, for who waits.
    pub fn note(&mut self, text: String) {
        eprintln!("{text}");
        self.notes.push(text);
    }

    pub fn row(&mut self, name: &str, goal: &str, closed: &Outcome, open: &Outcome, memory: u64) {
        eprintln!("{name}: {:.0}/s, {:.0} µs of processor each", closed.a_second(), closed.cpu_each());
        self.rows.push([
            name.to_owned(),
            goal.to_owned(),
            format!("{:.0}", closed.a_second()),
            format!("{:.0}", closed.cpu_each()),
            format!("{:.0}", open.a_second()),
            format!("{:.1}", open.quantile(0.5)),
            format!("{:.1}", open.quantile(0.99)),
            closed.bytes_each().to_string(),
            memory.to_string(),
            (closed.wrong + open.wrong).to_string(),
        ]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | goal | req/s | CPU µs | at req/s | p50 ms | p99 ms | bytes | RSS MB | wrong |")?;
        writeln!(f, "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        writeln!(
            f,
            "\nreq/s and CPU: {} connections that ask again at once. p50, p99: requests at a fixed rate, from when each was due.\n",
            self.connections
        )?;
        self.notes.iter().try_for_each(|note| writeln!(f, "- {note}"))
    }
}
