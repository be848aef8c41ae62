//! Writing: opening runs, enrolling, progress, completions and what is decided about them.

mod decide;
mod enrol;
mod materials;
mod progress;
mod runs;

pub use self::{
    decide::{accept, void},
    enrol::{enrol, freeze_due, withdraw},
    materials::{add_material, remove_material, restore_material},
    progress::{answer_check, complete_item, complete_item_at, finish_lesson, must_be_running, open_lesson},
    runs::{NewRun, open_run},
};
