//! Writing: opening runs, enrolling and waiting, progress and reading time, completions and what is decided about them.

mod batch;
mod check;
mod decide;
mod dwell;
mod enrol;
mod materials;
mod progress;
mod runs;
mod waiting;

pub use self::{
    batch::apply_batch,
    check::{give_answer, note_test},
    decide::{accept, void},
    dwell::{count_beat, forget_old},
    enrol::{Frozen, enrol, freeze_due, withdraw},
    materials::{add_material, remove_material, restore_material},
    progress::{complete_item, complete_item_at, finish_lesson, must_be_running, open_lesson},
    runs::{NewRun, open_run, set_capacity},
    waiting::{join_waiting, leave_waiting},
};
