//! A checked course as a value. What the database stores, what the hash is computed over, what `write_folder` writes back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::questions::model::Item;

/// A whole course in normal form: text in NFC with plain line feeds, order as numbered, nothing doubled or dangling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    pub course: Course,
    pub sources: Vec<Source>,
    pub modules: Vec<Module>,
    /// First the modules' self-check questions in the order of modules, then the bank in the order of topics.
    pub questions: Vec<Item>,
    pub assessments: Vec<Assessment>,
    /// By path.
    pub assets: Vec<Asset>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// As officials cite it: "KT-01".
    pub code: String,
    pub slug: String,
    pub title: Bilingual,
    pub summary: Bilingual,
    pub objectives: Vec<String>,
    pub audience: Vec<Audience>,
    /// Teaching periods (tiết).
    pub periods: u32,
    /// Codes of courses to be completed before.
    pub prerequisites: Vec<String>,
    pub completion: Completion,
    pub certificate: CertificateKind,
    pub legal_review: NaiveDate,
    pub licence: String,
    pub authors: Vec<String>,
    /// What changed since the version before, for those who teach and learn with it.
    #[serde(default)]
    pub change_note: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilingual {
    pub vi: String,
    pub en: String,
}

/// The three buckets figures are reported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    Leaders,
    Technology,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// Giấy chứng nhận hoàn thành.
    Completion,
    /// Chứng chỉ of a regulated programme.
    Regulated,
    None,
}

/// When a course is completed: everything in `required` is done, and at least `at_least` of `optional`. Ids are those of
/// modules (all their lessons), lessons and assessments (passed). Never an average.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    pub required: Vec<String>,
    pub optional: Vec<String>,
    pub at_least: u32,
}

/// A document the course cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub id: String,
    /// Số, ký hiệu. `None` only for references.
    pub number: Option<String>,
    pub date: Option<NaiveDate>,
    pub issuer: String,
    pub title: String,
    pub status: SourceStatus,
    /// Id of the source that replaced it; given exactly when the status is `Replaced`.
    pub replaced_by: Option<String>,
    pub url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceStatus {
    Draft,
    InForce,
    Replaced,
    Expired,
    /// An article or a report: not a legal document.
    Reference,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    pub id: String,
    pub slug: String,
    pub title: String,
    pub aim: String,
    pub lessons: Vec<Lesson>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Stable for ever: progress hangs on it.
    pub id: String,
    pub slug: String,
    pub title: String,
    /// The day its law was last checked.
    pub reviewed: NaiveDate,
    /// Readable without signing in.
    pub open: bool,
    /// Sources of the lesson as a whole, as its head lists them.
    pub sources: Vec<String>,
    /// All sources it rests on: `sources`, then those cited in the text in order of appearance.
    pub cited: Vec<String>,
    /// CommonMark, ending in one line feed.
    pub body: String,
    /// Ids of the check questions placed in it, in order.
    pub checks: Vec<String>,
    pub words: u32,
    pub minutes: u32,
}

/// How many Vietnamese words (syllables, as `wc -w` counts) an adult reads a minute in a legal text meant to be learnt.
pub const WORDS_A_MINUTE: u32 = 180;
/// Minutes for answering one check question.
pub const MINUTES_A_CHECK: u32 = 1;

impl Lesson {
    /// The time a lesson takes, never zero.
    pub fn minutes_for(words: u32, checks: usize) -> u32 {
        let checks = u32::try_from(checks).unwrap_or(u32::MAX);
        words.div_ceil(WORDS_A_MINUTE).saturating_add(checks.saturating_mul(MINUTES_A_CHECK)).max(1)
    }
}

/// A blueprint of a test: what is drawn from the bank and under which terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub id: String,
    pub title: String,
    pub kind: AssessmentKind,
    pub minutes: u32,
    pub attempts: u32,
    /// At least 50.
    pub pass_percent: u32,
    pub shuffle: bool,
    pub show_key: ShowKey,
    pub draws: Vec<Draw>,
}

impl Assessment {
    /// How many questions an attempt has.
    pub fn questions(&self) -> u32 {
        self.draws.iter().map(|draw| draw.count).fold(0, u32::saturating_add)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssessmentKind {
    Final,
    Check,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShowKey {
    AfterClosing,
    AfterSubmit,
    Never,
}

/// So many questions of a topic, of one difficulty or of any. Draws of one assessment never overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    pub topic: String,
    pub difficulty: Option<u8>,
    pub count: u32,
}

/// A file of `assets/`, checked to be what it says it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Under `assets/`, without that prefix: "so-do-1-0.svg".
    pub path: String,
    pub media: Media,
    /// Pixels of a picture, so that a page can keep its room; `None` where the file does not say.
    pub size: Option<(u32, u32)>,
    #[serde(with = "base64_bytes")]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Asset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asset({} {:?} {} bytes)", self.path, self.size, self.bytes.len())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Media {
    Svg,
    Png,
    Webp,
    Mp4,
    Vtt,
    Pdf,
}

impl Media {
    /// From a file name; `None` for what a course may not carry.
    pub fn of(path: &str) -> Option<Self> {
        Some(match path.rsplit_once('.')?.1 {
            "svg" => Self::Svg,
            "png" => Self::Png,
            "webp" => Self::Webp,
            "mp4" => Self::Mp4,
            "vtt" => Self::Vtt,
            "pdf" => Self::Pdf,
            _ => return None,
        })
    }

    /// The media type to serve it with.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Vtt => "text/vtt; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    pub fn is_picture(self) -> bool {
        matches!(self, Self::Svg | Self::Png | Self::Webp)
    }
}

impl Package {
    /// Every lesson with its module, in order.
    pub fn lessons(&self) -> impl Iterator<Item = (&Module, &Lesson)> {
        self.modules.iter().flat_map(|module| module.lessons.iter().map(move |lesson| (module, lesson)))
    }

    pub fn question(&self, id: &str) -> Option<&Item> {
        self.questions.iter().find(|item| item.id == id)
    }

    pub fn asset(&self, path: &str) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.path == path)
    }

    /// A module's check questions that no lesson places: asked at its end.
    pub fn closing_questions<'a>(&'a self, module: &'a Module) -> impl Iterator<Item = &'a Item> {
        let mine = self.questions.iter().filter(|item| item.module.as_ref() == Some(&module.id));
        mine.filter(|item| !self.lessons().any(|(_, lesson)| lesson.checks.contains(&item.id)))
    }

    /// Questions tests draw from, by topic.
    pub fn bank(&self) -> BTreeMap<&str, Vec<&Item>> {
        let mut bank: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in self.questions.iter().filter(|item| item.module.is_none()) {
            bank.entry(&item.topic).or_default().push(item);
        }
        bank
    }
}

mod base64_bytes {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
