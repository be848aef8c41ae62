//! The posts whose holders a programme is for, and how a post is known by the words of a position and of the unit. Pure.

use crate::{
    organisations::model::UnitKind,
    platform::{i18n::Locale, text},
};

crate::id_type!(
    /// An eligible post, in every agency of some kinds.
    PostId
);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub id: PostId,
    pub title_vi: String,
    pub title_en: String,
    pub kinds: Vec<UnitKind>,
    /// One of these fits; each is parts joined by "+", which all stand in the position or the name of the unit.
    pub words: Vec<String>,
}

impl Post {
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.title_vi,
            Locale::En => &self.title_en,
        }
    }

    /// Whether somebody with this position in a unit of this name holds the post. A deputy does not, unless the words say so.
    pub fn fits(&self, position: &str, unit: &str) -> bool {
        let (position, unit) = (text::fold(position), text::fold(unit));
        self.words.iter().any(|line| {
            let mut parts = line.split('+').map(text::fold).filter(|part| !part.is_empty()).peekable();
            parts.peek().is_some() && parts.all(|part| stands_in(&part, &position) || stands_in(&part, &unit))
        })
    }
}

/// Whether the words of `part` follow each other in `text`, and no "phó" (deputy) stands before them.
fn stands_in(part: &str, text: &str) -> bool {
    let words: Vec<&str> = words_of(text).collect();
    let part: Vec<&str> = words_of(part).collect();
    if part.is_empty() {
        return false;
    }
    let mut before = None;
    for place in words.windows(part.len()) {
        if place == part.as_slice() && before != Some("pho") {
            return true;
        }
        before = place.first().copied();
    }
    false
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_known_by_its_words() {
        let words = ["trưởng phòng công nghệ thông tin", "Giám đốc + Trung tâm Công nghệ thông tin"];
        let post = Post {
            id: PostId(1),
            title_vi: String::new(),
            title_en: String::new(),
            kinds: vec![UnitKind::Province],
            words: words.map(str::to_owned).to_vec(),
        };
        let centre = "Trung tâm Công nghệ thông tin và Truyền thông tỉnh Lào Cai";
        assert!(post.fits("Trưởng phòng Công nghệ thông tin", "Sở Khoa học và Công nghệ"));
        assert!(post.fits("TRUONG PHONG CONG NGHE THONG TIN", ""));
        assert!(post.fits("Giám đốc", centre) && post.fits("Quyền Giám đốc", centre));
        // A deputy, another director, part of a word, nothing.
        assert!(!post.fits("Phó Giám đốc", centre) && !post.fits("Phó Trưởng phòng Công nghệ thông tin", ""));
        assert!(!post.fits("Giám đốc", "Sở Tài chính") && !post.fits("Chuyên viên", centre) && !post.fits("", ""));
        let empty = Post { words: vec![" + ".to_owned()], ..post };
        assert!(!empty.fits("Giám đốc", centre));
    }
}
