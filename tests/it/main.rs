//! The one integration binary, a module for each concern. The first group drives the real program, the second reads the
//! project's own files.

#![cfg(test)]

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod support;

mod access;
mod accounts;
mod api;
mod assessments;
mod backup;
mod bench_data;
mod certificates;
mod certificates_crash;
mod certificates_reach;
mod certificates_reissue;
mod course_papers;
mod courses;
mod demo;
mod durability;
mod events;
mod failures;
mod forms;
mod home;
mod http;
mod imports;
mod isolation;
mod learning;
mod looks;
mod materials;
mod nominations;
mod operations;
mod organisations;
mod people;
mod programmes;
mod quotas;
mod quotas_pages;
mod quotas_race;
mod records;
mod reminders;
mod reorganisations;
mod reports;
mod system;
mod targets;
mod targets_agencies;
mod targets_anew;
mod targets_book;
mod targets_drill;
mod targets_example;
mod targets_nation;
mod targets_outside;
mod targets_outside_pages;
mod targets_pages;
mod targets_seals;
mod targets_seals_large;

mod layering;
mod migrations;
mod sources;
mod templates;
mod texts;
mod upgrades;
