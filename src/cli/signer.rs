//! `signer`: who stands under certificates, with the day from which they do. Without one no certificate is issued: what is printed
//! once stands for ever.

use anyhow::bail;
use chrono::NaiveDate;
use clap::Subcommand;

use super::Outcome;
use crate::{
    access::Actor,
    certificates::{actions, model, queries},
    platform::{
        clock::Clock,
        db::{Database, Moment},
        text,
    },
};

#[derive(Debug, Subcommand)]
pub enum Signer {
    /// Name who signs from a day on; certificates that waited for a signer are issued
    ///
    /// nongcot signer add --from 2026-01-01 --title "KT. CỤC TRƯỞNG" --title "PHÓ CỤC TRƯỞNG" --name "…"
    Add {
        /// The first day, as YYYY-MM-DD
        #[arg(long)]
        from: NaiveDate,
        /// The lines above the name: authority and title, one each
        #[arg(long, required = true)]
        title: Vec<String>,
        #[arg(long)]
        name: String,
    },
    /// List who signs, and from when
    List,
}

pub async fn run(db: &Database, clock: &Clock, command: Signer) -> Outcome {
    match command {
        Signer::Add { from, title, name } => {
            let signer = checked(from, &title, &name)?;
            let now = Moment::from(clock.now());
            db.write("signer.add", move |c| {
                let mut all = queries::signers(c)?;
                all.retain(|known| known.from != signer.from);
                all.push(signer);
                all.sort_by_key(|known| known.from);
                actions::set_signers(c, &Actor::system(), now, &all)
            })
            .await?;
        }
        Signer::List => {}
    }
    let all = db.read(queries::signers).await?;
    for signer in &all {
        println!("{}  {}: {}", text::date(signer.from), signer.lines.join(", "), signer.name);
    }
    if all.is_empty() {
        println!("Chưa chỉ định người ký: chưa cấp được chứng nhận nào.");
    }
    Ok(())
}

fn checked(from: NaiveDate, title: &[String], name: &str) -> anyhow::Result<model::Signer> {
    let lines: Vec<String> = title.iter().map(|line| text::tidy(line)).filter(|line| !line.is_empty()).collect();
    let name = text::tidy(name);
    if lines.is_empty() || lines.len() > 3 || lines.iter().any(|line| line.chars().count() > 80) {
        bail!("a signer has one to three lines of title, of at most 80 characters each");
    }
    if name.is_empty() || name.chars().count() > 80 {
        bail!("a signer has a name of at most 80 characters");
    }
    Ok(model::Signer { from, lines, name })
}
