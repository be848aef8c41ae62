//! What is counted in the morning, second by second, and the chart of it.

use std::time::{Duration, Instant};

use crate::program::Program;

#[derive(Debug, Default, Clone)]
struct Second {
    arrived: usize,
    signed_in: usize,
    /// Milliseconds of each save.
    saves: Vec<f64>,
    pages: Vec<f64>,
    memory: u64,
}

#[derive(Debug, Default)]
pub struct Board {
    seconds: Vec<Second>,
    /// How long people took from coming to being in, in seconds.
    waits: Vec<f64>,
    wrong: usize,
    /// Answers "come again", with a page and a time; and without.
    kindly: usize,
    rudely: usize,
    went_back: usize,
    ready: Vec<Duration>,
}

fn quantile(all: &mut [f64], share: f64) -> f64 {
    all.sort_by(f64::total_cmp);
    let last = all.len().saturating_sub(1);
    all.get((last as f64 * share).round() as usize).copied().unwrap_or(0.0)
}

impl Board {
    fn second(&mut self, began: Instant) -> &mut Second {
        let place = usize::try_from(began.elapsed().as_secs()).unwrap_or(0);
        if self.seconds.len() <= place {
            self.seconds.resize(place + 1, Second::default());
        }
        &mut self.seconds[place]
    }

    pub fn arrived(&mut self, began: Instant) {
        self.second(began).arrived += 1;
    }

    pub fn signed_in(&mut self, began: Instant, after: Duration) {
        self.second(began).signed_in += 1;
        self.waits.push(after.as_secs_f64());
    }

    pub fn saved(&mut self, began: Instant, took: Duration, status: u16) {
        self.second(began).saves.push(took.as_secs_f64() * 1000.0);
        self.wrong += usize::from(status != 200);
    }

    pub fn page(&mut self, began: Instant, took: Duration, status: u16) {
        self.second(began).pages.push(took.as_secs_f64() * 1000.0);
        self.wrong += usize::from(status != 200);
    }

    pub fn memory(&mut self, began: Instant, megabytes: u64) {
        self.second(began).memory = megabytes;
    }

    pub fn refused(&mut self, kindly: bool) {
        if kindly { self.kindly += 1 } else { self.rudely += 1 }
    }

    pub fn went_back(&mut self) {
        self.went_back += 1;
    }

    pub fn killed(&mut self, ready: Duration) {
        self.ready.push(ready);
    }

    /// The timeline in two dozen lines, and what it comes to.
    pub fn print(&self, program: &Program, began: Instant) {
        let span = self.seconds.len().div_ceil(24).max(1);
        println!("\n   from   came     in  saves/s  pages/s  p99 of a save                              MB");
        let (mut came, mut inside) = (0, 0);
        for (n, part) in self.seconds.chunks(span).enumerate() {
            came += part.iter().map(|second| second.arrived).sum::<usize>();
            inside += part.iter().map(|second| second.signed_in).sum::<usize>();
            let mut saves: Vec<f64> = part.iter().flat_map(|second| second.saves.clone()).collect();
            let pages: usize = part.iter().map(|second| second.pages.len()).sum();
            let p99 = quantile(&mut saves, 0.99);
            let rate = |count: usize| count as f64 / part.len() as f64;
            println!(
                "{:>5} s {came:>6} {inside:>6} {:>8.0} {:>8.0}  {p99:>6.1} ms {:<30} {:>6}",
                n * span,
                rate(saves.len()),
                rate(pages),
                "#".repeat((p99 / 5.0).round().clamp(0.0, 30.0) as usize),
                part.iter().map(|second| second.memory).max().unwrap_or(0)
            );
        }
        let mut saves: Vec<f64> = self.seconds.iter().flat_map(|second| second.saves.clone()).collect();
        let mut pages: Vec<f64> = self.seconds.iter().flat_map(|second| second.pages.clone()).collect();
        let signing: Vec<f64> = {
            let last = self.seconds.iter().rposition(|second| second.signed_in > 0).unwrap_or(0);
            self.seconds.iter().take(last + 1).flat_map(|second| second.saves.clone()).collect()
        };
        let (count, mut signing, mut waits) = (saves.len(), signing, self.waits.clone());
        println!(
            "\n- {} people came, {inside} came in; half waited up to {:.1} s, the last of a hundred {:.1} s",
            came,
            quantile(&mut waits, 0.5),
            quantile(&mut waits, 0.99)
        );
        println!(
            "- {count} saves: p50 {:.1} ms, p99 {:.1} ms (goal: 50 ms), p99 while others signed in {:.1} ms",
            quantile(&mut saves, 0.5),
            quantile(&mut saves, 0.99),
            quantile(&mut signing, 0.99)
        );
        println!(
            "- {} pages: p50 {:.1} ms, p99 {:.1} ms",
            pages.len(),
            quantile(&mut pages, 0.5),
            quantile(&mut pages, 0.99)
        );
        println!(
            "- most memory {} MB (goal: 400 MB); processors busy {:.1} s of {:.0} s",
            program.memory(true),
            program.cpu().as_secs_f64(),
            began.elapsed().as_secs_f64()
        );
        println!(
            "- asked to come again, kindly: {}, without a word: {}; other wrong answers: {}; sequences gone back: {}",
            self.kindly, self.rudely, self.wrong, self.went_back
        );
        if let Some(longest) = self.ready.iter().max() {
            println!(
                "- killed {} times, ready again after at most {} ms (goal: 5 s)",
                self.ready.len(),
                longest.as_millis()
            );
        }
    }
}
