//! The fonts of papers and the shaping of text with them. Bold is Libertinus Serif Semibold, since its Bold puts the marks of
//! Ễ, Ẫ, Ổ and ể into one another, and no paper may print NGUYỄN wrongly. Libertinus Serif has every Vietnamese letter with every tone, and the
//! letters of the languages of the highlands (ƀ, č, ĕ, ŏ …). A character it lacks is taken from New Computer Modern, then from
//! DejaVu Sans Mono; a character none of them has stops the paper with its name, because on an official paper an empty box
//! or a silently changed name is worse than no paper.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{
    Direction, Feature, ShapePlan, UnicodeBuffer, script,
    ttf_parser::{Tag, name_id},
};
use unicode_normalization::char::is_combining_mark;

/// The three cuts of the type that papers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    Regular,
    Bold,
    Italic,
}

/// One font: `shaper` places its glyphs, `font` goes into the file.
pub struct Face {
    shaper: rustybuzz::Face<'static>,
    /// How this font is shaped, worked out once: doing so costs far more than shaping a word.
    plan: ShapePlan,
    pub font: Font,
}

/// A piece of a line in one face. Widths are in parts of the type size (em).
pub struct Run {
    pub face: &'static Face,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

struct Cuts {
    regular: Vec<Face>,
    bold: Vec<Face>,
    italic: Vec<Face>,
}

static CUTS: LazyLock<Cuts> = LazyLock::new(|| Cuts {
    regular: faces(["LibertinusSerif-Regular", "NewCM10-Regular", "DejaVuSansMono"]),
    bold: faces(["LibertinusSerif-Semibold", "NewCM10-Bold", "DejaVuSansMono-Bold"]),
    italic: faces(["LibertinusSerif-Italic", "NewCM10-Italic", "DejaVuSansMono-Oblique"]),
});

/// The named faces in that order; one that is missing from the program is left out (a test sees that none is).
fn faces(names: [&str; 3]) -> Vec<Face> {
    let named = |wanted: &str| {
        typst_assets::fonts().find_map(|data| {
            let shaper = rustybuzz::Face::from_slice(data, 0)?;
            let is_wanted = shaper
                .names()
                .into_iter()
                .any(|name| name.name_id == name_id::POST_SCRIPT_NAME && name.to_string().as_deref() == Some(wanted));
            // Without ligatures every letter keeps a glyph of its own, so search and copy see the letters.
            let no_ligatures = Feature::new(Tag::from_bytes(b"liga"), 0, ..);
            let plan = ShapePlan::new(&shaper, Direction::LeftToRight, Some(script::LATIN), None, &[no_ligatures]);
            is_wanted.then(|| Some(Face { font: Font::new(data.into(), 0)?, shaper, plan })).flatten()
        })
    };
    names.into_iter().filter_map(named).collect()
}

fn faces_of(cut: Cut) -> &'static [Face] {
    match cut {
        Cut::Regular => &CUTS.regular,
        Cut::Bold => &CUTS.bold,
        Cut::Italic => &CUTS.italic,
    }
}

/// The face that prints a character together with the marks on it.
fn face_for(cluster: &str, cut: Cut) -> Option<&'static Face> {
    let printable = !cluster.chars().any(cannot_stand_here);
    let has_all = |face: &&Face| cluster.chars().all(|c| face.shaper.glyph_index(c).is_some());
    faces_of(cut).iter().find(has_all).filter(|_| printable)
}

/// Scripts that run from right to left, which this paper cannot set, and private characters, which mean nothing elsewhere.
fn cannot_stand_here(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}')
        || matches!(c, '\u{1e800}'..='\u{1efff}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

/// Splits a text where a line may be broken if need be: between characters, never between a character and its marks.
pub fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().skip(1).find(|(_, c)| !is_combining_mark(*c)).map_or(rest.len(), |(at, _)| at);
        let (cluster, after) = rest.split_at_checked(end)?;
        rest = after;
        (!cluster.is_empty()).then_some(cluster)
    })
}

/// The first character of `text` that cannot be printed.
pub fn unprintable(text: &str, cut: Cut) -> Option<char> {
    clusters(text).find(|cluster| face_for(cluster, cut).is_none()).and_then(|cluster| cluster.chars().next())
}

/// Places the glyphs of one line, with `tracking` em between characters. Clusters that cannot be printed are left out;
/// callers have asked [`unprintable`] before.
pub fn shape(text: &str, cut: Cut, tracking: f32) -> Vec<Run> {
    let mut pieces: Vec<(&'static Face, String)> = Vec::new();
    for cluster in clusters(text) {
        let Some(face) = face_for(cluster, cut) else { continue };
        match pieces.last_mut() {
            Some((last, piece)) if std::ptr::eq(*last, face) => piece.push_str(cluster),
            _ => pieces.push((face, cluster.to_owned())),
        }
    }
    pieces.into_iter().map(|(face, text)| shape_run(face, text, tracking)).collect()
}

/// Words are shaped one by one: the font draws some letters into the space before them ("tử Việt"), too close for names.
fn shape_run(face: &'static Face, text: String, tracking: f32) -> Run {
    let mut run = Run { face, text: String::new(), glyphs: Vec::with_capacity(text.len()), width: 0.0 };
    for word in text.split_inclusive(' ') {
        let (letters, space) = word.strip_suffix(' ').map_or((word, ""), |letters| (letters, " "));
        for part in [letters, space] {
            if !part.is_empty() {
                shape_part(&mut run, part, tracking);
            }
        }
    }
    run
}

fn shape_part(run: &mut Run, text: &str, tracking: f32) {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.set_direction(Direction::LeftToRight);
    buffer.set_script(script::LATIN);
    let shaped = rustybuzz::shape_with_plan(&run.face.shaper, &run.face.plan, buffer);
    let em = em_of(run.face);
    let offset = run.text.len();
    let infos = shaped.glyph_infos();
    for (index, (info, position)) in infos.iter().zip(shaped.glyph_positions()).enumerate() {
        let start = info.cluster as usize;
        let end = infos.iter().skip(index).map(|next| next.cluster as usize).find(|next| *next != start);
        let is_last_of_cluster = infos.get(index + 1).is_none_or(|next| next.cluster != info.cluster);
        let advance = em(position.x_advance) + if is_last_of_cluster { tracking } else { 0.0 };
        run.width += advance;
        run.glyphs.push(KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            advance,
            em(position.x_offset),
            em(position.y_offset),
            em(position.y_advance),
            offset + start..offset + end.unwrap_or(text.len()),
            None,
        ));
    }
    run.text.push_str(text);
}

#[expect(clippy::cast_precision_loss, reason = "font units are small whole numbers, exact in f32")]
fn em_of(face: &Face) -> impl Fn(i32) -> f32 {
    let units = face.shaper.units_per_em() as f32;
    move |value| value as f32 / units
}

/// The width of a text on one line, in em.
pub fn width(text: &str, cut: Cut, tracking: f32) -> f32 {
    shape(text, cut, tracking).iter().map(|run| run.width).sum()
}

/// How far the ink of a text reaches above and below the base line, in em.
#[cfg(test)]
pub fn extent(text: &str, cut: Cut) -> (f32, f32) {
    let mut reach = (0.0f32, 0.0f32);
    for run in shape(text, cut, 0.0) {
        let em = em_of(run.face);
        for c in text.chars() {
            let glyph = run.face.shaper.glyph_index(c).unwrap();
            let ink = run.face.shaper.glyph_bounding_box(glyph).unwrap();
            reach = (reach.0.max(em(i32::from(ink.y_max))), reach.1.min(em(i32::from(ink.y_min))));
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn every_face_is_there() {
        for cut in [Cut::Regular, Cut::Bold, Cut::Italic] {
            assert_eq!(faces_of(cut).len(), 3);
        }
    }

    #[test]
    fn the_first_face_has_every_vietnamese_letter_and_those_of_the_highlands() {
        let tones = ["", "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}"];
        let vowels =
            "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".chars().flat_map(|v| tones.map(|t| format!("{v}{t}").nfc().collect::<String>()));
        let others = "đĐbBƀɃčČñÑĕĔĭĬŏŎŭŬ–—…“”‘’«»₫0123456789.,;:/()-&%+".chars().map(String::from);
        for letter in vowels.chain(others) {
            for cut in [Cut::Regular, Cut::Bold, Cut::Italic] {
                let face = face_for(&letter, cut).unwrap();
                assert!(std::ptr::eq(face, &faces_of(cut)[0]), "{letter} in {cut:?}");
                assert_eq!(letter.chars().count(), 1, "{letter} has a composed form");
            }
        }
    }

    #[test]
    fn a_rare_character_comes_from_another_face_and_an_impossible_one_is_named() {
        assert_eq!(unprintable("Nguyễn Văn An", Cut::Bold), None);
        assert_eq!(unprintable("An \u{2713}", Cut::Regular), None, "the check mark comes from a fallback");
        for (text, character) in [("An 日", '日'), ("An 😀", '😀'), ("שלום", 'ש'), ("An \u{e001}", '\u{e001}')]
        {
            assert_eq!(unprintable(text, Cut::Regular), Some(character));
        }
    }

    #[test]
    fn marks_stay_with_their_letters() {
        let parts: Vec<&str> = clusters("Ka\u{306}n x\u{323}").collect();
        assert_eq!(parts, ["K", "a\u{306}", "n", " ", "x\u{323}"]);
        let runs = shape("Hiệp định fi", Cut::Regular, 0.0);
        assert_eq!(runs.len(), 1);
        assert_eq!(runs[0].glyphs.len(), "Hiệp định fi".chars().count());
    }
}
