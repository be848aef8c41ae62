//! Writing: opening runs, enrolling and waiting, progress and reading time, completions and what is decided about them.

mod attendance;
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
    attendance::{count_sessions, hold_enrolments, keep, note_attendance, set_sessions_needed, settle_attended},
    batch::apply_batch,
    check::{give_answer, note_test},
    decide::{accept, void},
    dwell::{count_beat, forget_old},
    enrol::{Frozen, enrol, freeze_due, hold_run, withdraw},
    materials::{add_material, remove_material, restore_material},
    progress::{complete_item, complete_item_at, finish_lesson, must_be_running, open_lesson},
    runs::{NewRun, open_run, set_capacity},
    waiting::{join_waiting, leave_waiting},
};
