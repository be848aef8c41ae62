//! A checked package made ready for the database: hashed, rendered, folded for search. All the slow work of an import is
//! done here, outside the transaction.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    model::{check_slot, searchable},
    package::{Course, Package, hash, render},
};
use crate::platform::error::Result;

/// How much of the hash stands in the addresses of a version's files: 128 bits.
pub const ADDRESS_LENGTH: usize = 32;

/// A package ready to be imported.
#[derive(Debug, Clone)]
pub struct Edition {
    package: Package,
    hash: String,
    html: BTreeMap<String, String>,
    open_assets: BTreeSet<String>,
}

/// The address of a version's file. It holds the hash, so a browser may keep the file for ever.
pub fn asset_address(course: &Course, hash: &str, path: &str) -> String {
    format!("/khoa-hoc/{}/tai-nguyen/{}/{path}", course.slug, hash.get(..ADDRESS_LENGTH).unwrap_or(hash))
}

impl Edition {
    pub fn of(package: Package) -> Self {
        let hash = hash(&package);
        let address = |path: &str| asset_address(&package.course, &hash, path);
        let size = |path: &str| package.assets.iter().find(|asset| asset.path == path).and_then(|asset| asset.size);
        let around = render::Surroundings { sources: &package.sources, asset_url: &address, asset_size: &size };
        let mut html = BTreeMap::new();
        let mut open_assets = BTreeSet::new();
        for module in &package.modules {
            for (index, lesson) in module.lessons.iter().enumerate() {
                let mut text = render::lesson_html(lesson, &around);
                if index + 1 == module.lessons.len() {
                    text.push_str(&closing(&package, module));
                }
                if lesson.open {
                    let shown = package.assets.iter().filter(|asset| text.contains(&address(&asset.path)));
                    open_assets.extend(shown.map(|asset| asset.path.clone()));
                }
                html.insert(lesson.id.clone(), text);
            }
        }
        Self { hash, html, open_assets, package }
    }

    pub fn package(&self) -> &Package {
        &self.package
    }

    pub fn code(&self) -> &str {
        &self.package.course.code
    }

    pub fn slug(&self) -> &str {
        &self.package.course.slug
    }

    /// What the version is known by.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub fn html(&self, lesson: &str) -> &str {
        self.html.get(lesson).map_or("", String::as_str)
    }

    /// Whether a lesson that anybody may read shows the file.
    pub fn is_open_asset(&self, path: &str) -> bool {
        self.open_assets.contains(path)
    }

    /// The time all lessons take together.
    pub fn minutes(&self) -> i32 {
        let all = self.package.lessons().map(|(_, lesson)| lesson.minutes).fold(0, u32::saturating_add);
        i32::try_from(all).unwrap_or(i32::MAX)
    }

    /// The package as it is kept: everything but the bytes of its files, which have rows of their own.
    pub fn package_text(&self) -> Result<String> {
        let mut bare = self.package.clone();
        for asset in &mut bare.assets {
            asset.bytes = Vec::new();
        }
        Ok(serde_json::to_string(&bare)?)
    }

    /// What the catalogue is searched by.
    pub fn folded(&self) -> String {
        let course = &self.package.course;
        let head = [&course.code, &course.title.vi, &course.title.en, &course.summary.vi, &course.summary.en];
        let titles =
            self.package.modules.iter().flat_map(|module| {
                std::iter::once(&module.title).chain(module.lessons.iter().map(|lesson| &lesson.title))
            });
        let texts: Vec<&str> = head.into_iter().chain(titles).map(String::as_str).collect();
        searchable(&texts)
    }
}

/// The module's questions that stand in no lesson are asked after its last one.
fn closing(package: &Package, module: &super::package::Module) -> String {
    let slots: String = package.closing_questions(module).map(|item| check_slot(&item.id)).collect();
    if slots.is_empty() {
        return slots;
    }
    format!(
        "<section aria-labelledby=\"cuoi-chuyen-de\"><h2 id=\"cuoi-chuyen-de\">Câu hỏi cuối chuyên đề</h2></section>\n{slots}"
    )
}
