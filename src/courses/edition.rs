//! A checked package made ready for the database: hashed, rendered, folded for search. All the slow work of an import is
//! done here, outside the transaction.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{
    model::{check_slot, searchable},
    package::{self, Course, Package, Term, hash, render},
};
use crate::platform::{error::Result, text::hex_start};

/// The length of a file's own address: 128 bits.
pub const ADDRESS_LENGTH: usize = 32;

/// The revision of what this program renders versions into. Raised when that changes: the job of `super::jobs` then renders
/// again what an older program left.
pub const RENDERING: i32 = 1;

/// A package ready to be imported.
#[derive(Debug, Clone)]
pub struct Edition {
    package: Package,
    hash: String,
    html: BTreeMap<String, String>,
    terms: BTreeMap<String, Vec<Term>>,
    handout: String,
    open_assets: BTreeSet<String>,
}

/// What a version's file is found by. It changes with the content, so a browser may keep the file for ever; and whoever knows
/// one file's cannot tell another's, since that needs the whole hash, which no page shows.
pub fn asset_address(hash: &str, path: &str) -> String {
    let digest =
        Sha256::new().chain_update(b"asset\n").chain_update(hash).chain_update([0]).chain_update(path).finalize();
    hex_start(&digest, ADDRESS_LENGTH / 2)
}

fn asset_url(course: &Course, hash: &str, path: &str) -> String {
    format!("/khoa-hoc/{}/tai-nguyen/{}/{path}", course.slug, asset_address(hash, path))
}

impl Edition {
    pub fn of(package: Package) -> Self {
        let hash = hash(&package);
        Self::known(package, hash)
    }

    /// A package whose hash is known, as that of a version already imported: its files need not be at hand.
    pub fn known(package: Package, hash: String) -> Self {
        let address = |path: &str| asset_url(&package.course, &hash, path);
        let size = |path: &str| package.assets.iter().find(|asset| asset.path == path).and_then(|asset| asset.size);
        let around = render::Surroundings { sources: &package.sources, asset_url: &address, asset_size: &size };
        let (mut html, mut terms) = (BTreeMap::new(), BTreeMap::new());
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
                terms.insert(lesson.id.clone(), package::terms(&lesson.body));
            }
        }
        let handout = render::handout_html(&package, &around);
        Self { hash, html, terms, handout, open_assets, package }
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

    /// The terms a lesson explains.
    pub fn terms(&self, lesson: &str) -> &[Term] {
        self.terms.get(lesson).map_or(&[], Vec::as_slice)
    }

    /// The whole course as one document.
    pub fn handout(&self) -> &str {
        &self.handout
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
fn closing(package: &Package, module: &package::Module) -> String {
    let slots: String = package.closing_questions(module).map(|item| check_slot(&item.id)).collect();
    if slots.is_empty() {
        return slots;
    }
    format!(
        "<section aria-labelledby=\"cuoi-chuyen-de\"><h2 id=\"cuoi-chuyen-de\">Câu hỏi cuối chuyên đề</h2></section>\n{slots}"
    )
}
