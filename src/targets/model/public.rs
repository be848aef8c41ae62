//! What anybody may see of a target: aggregates from which nothing about fewer than five people follows.
//!
//! People are counted in months and in groups of agencies. Months are joined into blocks until a block holds five people; a block,
//! once it is over, stays as it is, so what is published in a later month only adds blocks. The table by group stands for the end of
//! a block, and is renewed only at the end of a later block at which every line has grown by five people or more. So whoever
//! keeps every page that ever stood here knows sums of parts of at least five people each, and no difference of them is less: any
//! smaller part may hold five people as far as these sums tell.
//!
//! What is published of these sums is cut to whole fives, since two targets may count the same people over the same time: the courses
//! of one among those of the other, a quarter within a year. Their figures can be subtracted from each other, but the difference says
//! no more than that it lies within nine people. And a late correction by one changes a month only where it passes a multiple of five.

use chrono::{Datelike, Months, NaiveDate};

use super::Group;

/// The fewest people of anything that is published, and the step of all figures.
pub const FEWEST: i64 = 5;

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    pub fn last_day(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%m/%Y"))
    }
}

/// What was counted in a month, by group in the order of [`Group::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthCount {
    pub month: Month,
    /// People, by whom it is decided what may be shown.
    pub people: [i64; 4],
    /// What is shown: the same, or the turns of a target that counts turns.
    pub shown: [i64; 4],
}

/// Months joined until there are enough people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub from: Month,
    pub to: Month,
    pub shown: i64,
}

/// A line of the table by group: the groups in it, and what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub groups: Vec<Group>,
    pub shown: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    pub blocks: Vec<Block>,
    /// Up to the end of which block, counted from 0, and the lines that add up to the blocks until then.
    pub groups: Option<(usize, Vec<Line>)>,
}

impl Published {
    pub fn total(&self) -> i64 {
        self.blocks.iter().map(|block| block.shown).sum()
    }

    /// The last day that is in it.
    pub fn until(&self) -> Option<NaiveDate> {
        self.blocks.last().map(|block| block.to.last_day())
    }
}

/// How groups are joined, the finest first. Corporations and others are few, so they never stand alone.
const PARTITIONS: [&[&[usize]]; 3] = [&[&[0], &[1], &[2, 3]], &[&[0], &[1, 2, 3]], &[&[1], &[0, 2, 3]]];

fn joined(groups: &[usize], of: &[i64; 4]) -> i64 {
    groups.iter().filter_map(|group| of.get(*group)).sum()
}

fn add(sum: &mut [i64; 4], more: &[i64; 4]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// What is published of months that are over, given in order.
pub fn publish(months: &[MonthCount]) -> Published {
    in_fives(sums(months))
}

/// Cut to whole fives. What a month loses is carried to the next one and what a line loses to others, so that months and lines still
/// add up, and nothing is more than four away from the truth in all.
fn in_fives(exact: Published) -> Published {
    let down = |value: i64| value - value.rem_euclid(FEWEST);
    let (mut seen, mut said) = (0, Vec::with_capacity(exact.blocks.len()));
    for block in exact.blocks {
        let shown = down(seen + block.shown) - down(seen);
        seen += block.shown;
        said.push(Block { shown, ..block });
    }
    let groups = exact.groups.map(|(at, lines)| {
        let until: i64 = said.iter().take(at + 1).map(|block| block.shown).sum();
        let mut left = until - lines.iter().map(|line| down(line.shown)).sum::<i64>();
        // The lines that lost most are given it back first.
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by_key(|at| lines.get(*at).map_or(0, |line| -line.shown.rem_euclid(FEWEST)));
        let mut cut: Vec<Line> = lines.into_iter().map(|line| Line { shown: down(line.shown), ..line }).collect();
        for at in order {
            if let Some(line) = cut.get_mut(at).filter(|_| left > 0) {
                line.shown += FEWEST;
                left -= FEWEST;
            }
        }
        (at, cut)
    });
    Published { blocks: said, groups }
}

/// The exact sums from which nothing about fewer than five people follows.
fn sums(months: &[MonthCount]) -> Published {
    let mut found = Published::default();
    let mut open: Option<(Month, [i64; 4], [i64; 4])> = None;
    // Since the table by group was renewed: people; and all that was shown in blocks so far.
    let (mut fresh, mut shown) = ([0; 4], [0; 4]);
    let mut partition: Option<&[&[usize]]> = None;
    for count in months {
        let (from, mut people, mut values) = open.take().unwrap_or((count.month, [0; 4], [0; 4]));
        add(&mut people, &count.people);
        add(&mut values, &count.shown);
        if people.iter().sum::<i64>() < FEWEST {
            open = Some((from, people, values));
            continue;
        }
        found.blocks.push(Block { from, to: count.month, shown: values.iter().sum() });
        add(&mut fresh, &people);
        add(&mut shown, &values);
        let enough = |lines: &[&[usize]]| lines.iter().all(|groups| joined(groups, &fresh) >= FEWEST);
        let usable = match partition {
            Some(lines) => Some(lines).filter(|lines| enough(lines)),
            None => PARTITIONS.into_iter().find(|lines| enough(lines)),
        };
        if let Some(lines) = usable {
            partition = usable;
            fresh = [0; 4];
            let line = |groups: &&[usize]| Line {
                groups: groups.iter().filter_map(|group| Group::ALL.get(*group).copied()).collect(),
                shown: joined(groups, &shown),
            };
            found.groups = Some((found.blocks.len() - 1, lines.iter().map(line).collect()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn months(people: &[[i64; 4]]) -> Vec<MonthCount> {
        let mut month = Month::of(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        people
            .iter()
            .map(|people| {
                let count = MonthCount { month, people: *people, shown: *people };
                month = month.next();
                count
            })
            .collect()
    }

    #[test]
    fn months_wait_until_they_hold_five_people() {
        let found = sums(&months(&[[1, 1, 0, 0], [0, 3, 0, 0], [4, 0, 0, 0], [9, 9, 5, 0]]));
        let blocks: Vec<_> = found.blocks.iter().map(|b| (b.from.to_string(), b.to.to_string(), b.shown)).collect();
        let block = |from: &str, to: &str, shown| (from.to_owned(), to.to_owned(), shown);
        assert_eq!(blocks, [block("01/2026", "02/2026", 5), block("03/2026", "04/2026", 27)]);
        let (at, lines) = found.groups.clone().unwrap();
        assert_eq!((at, lines.iter().map(|l| l.shown).collect::<Vec<_>>()), (1, vec![14, 13, 5]));
        assert_eq!(lines.iter().map(|l| l.shown).sum::<i64>(), found.total());
        assert_eq!(sums(&months(&[[1, 1, 1, 1]])), Published::default());
    }

    #[test]
    fn a_line_that_grew_by_too_few_keeps_the_whole_table() {
        let first = months(&[[9, 9, 9, 0]]);
        let later = months(&[[9, 9, 9, 0], [7, 7, 1, 0]]);
        assert_eq!(sums(&later).groups, sums(&first).groups);
        assert_eq!(sums(&later).total(), 42);
        let later = months(&[[9, 9, 9, 0], [7, 7, 1, 0], [1, 1, 4, 0]]);
        let (at, lines) = sums(&later).groups.unwrap();
        assert_eq!((at, lines.iter().map(|l| l.shown).collect::<Vec<_>>()), (2, vec![17, 17, 14]));
    }

    /// Everything that ever stood on the page, as sums over (month, group) that somebody who kept it all knows.
    fn known(months: &[MonthCount]) -> Vec<(Vec<bool>, i64)> {
        let cells = months.len() * 4;
        let mut found: Vec<(Vec<bool>, i64)> = Vec::new();
        for seen in 1..=months.len() {
            let page = sums(&months[..seen]);
            let place = |month: Month| months.iter().position(|m| m.month == month).unwrap();
            for block in &page.blocks {
                let (from, to) = (place(block.from), place(block.to));
                found.push(((0..cells).map(|cell| (from..=to).contains(&(cell / 4))).collect(), block.shown));
            }
            if let Some((at, lines)) = &page.groups {
                let to = place(page.blocks[*at].to);
                for line in lines {
                    let holds = |cell: usize| cell / 4 <= to && line.groups.contains(&Group::ALL[cell % 4]);
                    found.push(((0..cells).map(holds).collect(), line.shown));
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// The most that a set of cells can hold as far as the sums tell, where no cell is negative: the simplex method in two phases.
    fn most(sums: &[(Vec<bool>, i64)], wanted: &[bool]) -> f64 {
        let (rows, cells) = (sums.len(), wanted.len());
        let width = cells + rows + 1;
        let mut table: Vec<Vec<f64>> = sums
            .iter()
            .enumerate()
            .map(|(row, (holds, sum))| {
                let mut line = vec![0.0; width];
                holds.iter().enumerate().filter(|(_, held)| **held).for_each(|(cell, _)| line[cell] = 1.0);
                line[cells + row] = 1.0;
                line[width - 1] = *sum as f64;
                line
            })
            .collect();
        let mut basis: Vec<usize> = (cells..cells + rows).collect();
        let mut run = |costs: &dyn Fn(usize) -> f64, last: usize, table: &mut Vec<Vec<f64>>| {
            loop {
                let gain = |column: usize| {
                    costs(column) - (0..rows).map(|row| costs(basis[row]) * table[row][column]).sum::<f64>()
                };
                let Some(enter) = (0..last).find(|column| !basis.contains(column) && gain(*column) > 1e-7) else {
                    return (0..rows).map(|row| costs(basis[row]) * table[row][width - 1]).sum::<f64>();
                };
                let ratio = |row: usize| table[row][width - 1] / table[row][enter];
                let Some(leave) = (0..rows)
                    .filter(|row| table[*row][enter] > 1e-7)
                    .min_by(|a, b| ratio(*a).total_cmp(&ratio(*b)).then(basis[*a].cmp(&basis[*b])))
                else {
                    return f64::INFINITY;
                };
                let pivot = table[leave][enter];
                table[leave].iter_mut().for_each(|value| *value /= pivot);
                let line = table[leave].clone();
                for (_, other) in table.iter_mut().enumerate().filter(|(row, _)| *row != leave) {
                    let factor = other[enter];
                    other.iter_mut().zip(&line).for_each(|(value, from)| *value -= factor * from);
                }
                basis[leave] = enter;
            }
        };
        let infeasible = run(&|column| if column >= cells { -1.0 } else { 0.0 }, width - 1, &mut table);
        assert!(infeasible.abs() < 1e-6, "the cells themselves are a solution");
        // A made-up variable that is left at zero must not come back.
        run(
            &|column| {
                if column >= cells { -1e6 } else { f64::from(u8::from(wanted[column])) }
            },
            cells,
            &mut table,
        )
    }

    #[test]
    fn the_adversary_finds_what_a_careless_page_gives_away() {
        // Two lines that add up to a total: the third of them follows.
        let sums = [(vec![true, true, true], 20), (vec![true, false, false], 12), (vec![false, true, false], 6)];
        assert!((most(&sums, &[false, false, true]) - 2.0).abs() < 1e-6);
        assert!((most(&sums[..2], &[false, false, true]) - 8.0).abs() < 1e-6);
    }

    fn a_month() -> impl Strategy<Value = [i64; 4]> {
        let count = prop_oneof![Just(0i64), 0i64..5, 0i64..5, 3i64..30];
        prop::array::uniform4(count)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        /// Whole fives that add up, each near the truth: what one of two targets counts beyond the other stays unknown within fives.
        #[test]
        fn what_is_published_is_whole_fives_near_the_truth(people in prop::collection::vec(a_month(), 1..12)) {
            let months = months(&people);
            let (exact, page) = (sums(&months), publish(&months));
            prop_assert_eq!(exact.blocks.len(), page.blocks.len());
            let (mut truth, mut said) = (0, 0);
            for (was, block) in exact.blocks.iter().zip(&page.blocks) {
                truth += was.shown;
                said += block.shown;
                prop_assert!(block.shown >= FEWEST && block.shown % FEWEST == 0, "{block:?}");
                prop_assert_eq!(said, truth / FEWEST * FEWEST);
            }
            prop_assert_eq!(exact.groups.is_some(), page.groups.is_some());
            if let (Some((_, were)), Some((at, lines))) = (&exact.groups, &page.groups) {
                let until: i64 = page.blocks.iter().take(at + 1).map(|b| b.shown).sum();
                prop_assert_eq!(until, lines.iter().map(|l| l.shown).sum::<i64>());
                for (was, line) in were.iter().zip(lines) {
                    prop_assert!(line.shown >= FEWEST && line.shown % FEWEST == 0, "{line:?}");
                    prop_assert!((line.shown - was.shown).abs() < FEWEST, "{was:?} {line:?}");
                }
            }
        }

        /// Whoever kept every page of every month cannot tell of any stretch of months, in any joined groups, that it holds fewer
        /// than five people; and all that is shown are five or more, and sums that agree.
        #[test]
        fn nothing_small_follows_from_all_that_was_ever_published(people in prop::collection::vec(a_month(), 1..7)) {
            let months = months(&people);
            let known = known(&months);
            for (_, sum) in &known {
                prop_assert!(*sum >= FEWEST);
            }
            let page = sums(&months);
            if let Some((at, lines)) = &page.groups {
                let until: i64 = page.blocks.iter().take(at + 1).map(|b| b.shown).sum();
                prop_assert_eq!(until, lines.iter().map(|l| l.shown).sum::<i64>());
            }
            for from in 0..months.len() {
                for to in from..months.len() {
                    for set in 1u8..16 {
                        let holds = |cell: usize| (from..=to).contains(&(cell / 4)) && set >> (cell % 4) & 1 == 1;
                        let wanted: Vec<bool> = (0..months.len() * 4).map(holds).collect();
                        let truth: i64 =
                            (0..wanted.len()).filter(|cell| wanted[*cell]).map(|cell| people[cell / 4][cell % 4]).sum();
                        if truth < FEWEST {
                            prop_assert!(most(&known, &wanted) > 4.999, "months {from}–{to}, groups {set:04b}: {truth}");
                        }
                    }
                }
            }
        }
    }
}
