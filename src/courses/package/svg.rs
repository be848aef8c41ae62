//! A small strict reader of SVG. Only elements that draw are let through, so there is nothing to run, nothing to click and
//! nothing to load from elsewhere, even when the file is opened by itself. It changes nothing: what it refuses, the author
//! exports again.

use std::borrow::Cow;

use crate::questions::fault::Fault;

const ELEMENTS: [&str; 50] = [
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "marker",
    "linearGradient",
    "radialGradient",
    "stop",
    "pattern",
    "clipPath",
    "mask",
    "style",
    "filter",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
];
const SVG: &str = "http://www.w3.org/2000/svg";

type Faults = Vec<(usize, Fault)>;

/// The picture's size and what is wrong, with byte offsets.
pub(super) fn check(text: &str) -> (Option<(u32, u32)>, Faults) {
    let mut reader = Reader { text, at: 0, open: Vec::new(), seen_root: false, size: None, faults: Vec::new() };
    while reader.at < text.len() && reader.faults.len() < 50 {
        if reader.step().is_none() {
            break;
        }
    }
    if reader.faults.is_empty() && (!reader.seen_root || !reader.open.is_empty()) {
        reader.malformed(text.len(), "tệp kết thúc giữa chừng", "the file ends too early");
    }
    (reader.size, reader.faults)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<&'a str>,
    seen_root: bool,
    size: Option<(u32, u32)>,
    faults: Faults,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn refuse(&mut self, at: usize, vi: impl Into<String>, en: impl Into<String>) {
        let fault = Fault::error("svg", vi, en);
        let hint = "xuất lại dạng SVG thuần (plain SVG), không script, không liên kết";
        self.faults.push((at, fault.hint(hint, "export it as plain SVG without scripts and links")));
    }

    fn malformed(&mut self, at: usize, vi: &str, en: &str) {
        let fault = Fault::error("svg-form", format!("SVG sai cú pháp: {vi}"), format!("Malformed SVG: {en}"));
        self.faults.push((at, fault.hint("xuất lại tệp", "export the file again")));
    }

    /// Reads up to and over the next markup; nothing when reading cannot go on.
    fn step(&mut self) -> Option<()> {
        let start = self.at;
        let rest = self.rest();
        let length = rest.find('<').unwrap_or(rest.len());
        self.characters(rest.get(..length).unwrap_or_default());
        self.at = start + length;
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with("<!--") {
            return self.skip("-->");
        }
        if rest.starts_with("<?xml ") && self.at == 0 {
            return self.skip("?>");
        }
        if rest.starts_with("<?") || rest.starts_with("<!") {
            self.refuse(self.at, "SVG có khai báo <!…> hoặc <?…>", "The SVG has a <!…> or <?…> declaration");
            return self.skip(">");
        }
        if let Some(name) = rest.strip_prefix("</") {
            return self.close(name);
        }
        self.element()
    }

    fn skip(&mut self, end: &str) -> Option<()> {
        match self.rest().find(end) {
            Some(length) => {
                self.at += length + end.len();
                Some(())
            }
            None => {
                self.malformed(self.at, "thiếu dấu đóng", "not closed");
                None
            }
        }
    }

    fn characters(&mut self, text: &'a str) {
        let at = self.at;
        if self.open.is_empty() && !text.trim().is_empty() {
            self.malformed(at, "có chữ ngoài phần tử gốc", "text outside the root");
        }
        match decoded(text) {
            Some(text) if self.open.last() == Some(&"style") => self.css(at, &text),
            Some(_) => {}
            None => self.malformed(at, "ký hiệu & lạ", "an unknown entity"),
        }
    }

    fn close(&mut self, name: &str) -> Option<()> {
        let length = name.find('>').unwrap_or(name.len());
        let name = name.get(..length).unwrap_or_default().trim_end();
        if self.open.pop() != Some(name) {
            self.malformed(self.at, "thẻ đóng không khớp", "a closing tag does not match");
            return None;
        }
        self.skip(">")
    }

    fn element(&mut self) -> Option<()> {
        let start = self.at;
        let after = self.rest().get(1..).unwrap_or_default();
        let name = after.get(..name_length(after)).unwrap_or_default();
        if name.is_empty() {
            self.malformed(start, "thẻ không có tên", "a tag without a name");
            return None;
        }
        if !ELEMENTS.contains(&name) {
            self.refuse(start, format!("SVG có phần tử <{name}>"), format!("The SVG has an element <{name}>"));
        }
        let root = self.open.is_empty();
        if root && (name != "svg" || self.seen_root) {
            self.malformed(start, "phần tử gốc phải là một <svg>", "the root must be one <svg>");
        }
        self.seen_root = true;
        self.at += 1 + name.len();
        let mut attributes: Vec<(&str, Cow<'_, str>)> = Vec::new();
        loop {
            let rest = self.rest();
            let spaces = rest.len() - rest.trim_start().len();
            self.at += spaces;
            let rest = self.rest();
            if rest.starts_with("/>") || rest.starts_with('>') {
                break;
            }
            let at = self.at;
            let Some((key, value, length)) = attribute(rest).filter(|_| spaces > 0) else {
                self.malformed(at, "thuộc tính sai dạng", "a malformed attribute");
                return None;
            };
            if attributes.iter().any(|(known, _)| *known == key) {
                self.malformed(at, "thuộc tính lặp lại", "a repeated attribute");
            }
            self.attribute(at, key, &value);
            attributes.push((key, value));
            self.at += length;
        }
        if root {
            let get = |key: &str| attributes.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_ref());
            if get("xmlns") != Some(SVG) {
                self.malformed(start, "thiếu xmlns=\"http://www.w3.org/2000/svg\"", "xmlns of SVG is missing");
            }
            self.size = size(get("width"), get("height"), get("viewBox"));
        }
        if self.rest().starts_with("/>") {
            self.at += 2;
        } else {
            self.at += 1;
            self.open.push(name);
        }
        Some(())
    }

    fn attribute(&mut self, at: usize, key: &str, value: &str) {
        let lower = key.to_ascii_lowercase();
        if lower.starts_with("on") {
            self.refuse(at, format!("SVG có sự kiện {key}"), format!("The SVG has an event handler {key}"));
        }
        let prefix = key.split_once(':').map(|(prefix, _)| prefix);
        let plain = matches!(prefix, None | Some("xmlns")) || matches!(key, "xlink:href" | "xml:space" | "xml:lang");
        if !plain || (key == "xmlns" && value != SVG) {
            self.refuse(at, format!("SVG có thuộc tính {key}"), format!("The SVG has an attribute {key}"));
        }
        let local = lower.rsplit(':').next().unwrap_or_default();
        if local == "href" && prefix != Some("xmlns") && !value.trim().starts_with('#') {
            self.refuse(at, "SVG tham chiếu ra ngoài tệp", "The SVG refers to something outside");
        }
        if local == "src" {
            self.refuse(at, "SVG tham chiếu ra ngoài tệp", "The SVG refers to something outside");
        }
        if prefix != Some("xmlns") {
            self.css(at, value);
        }
    }

    /// Style text may point inside the file only. A backslash could hide a word, so none is let through.
    fn css(&mut self, at: usize, value: &str) {
        let squeezed: String =
            value.to_lowercase().chars().filter(|sign| !sign.is_whitespace() && !sign.is_control()).collect();
        let outside =
            squeezed.split("url(").skip(1).any(|after| !after.trim_start_matches(['"', '\'']).starts_with('#'));
        let words =
            ["@import", "@font-face", "javascript:", "data:", "expression(", "image-set(", "image(", "src(", "\\"];
        if outside || words.iter().any(|word| squeezed.contains(word)) {
            self.refuse(
                at,
                "SVG tham chiếu ra ngoài tệp hoặc có kiểu dáng không dùng được",
                "The SVG refers to something outside",
            );
        }
    }
}

fn name_length(text: &str) -> usize {
    text.find(|sign: char| !(sign.is_ascii_alphanumeric() || "-_:.".contains(sign))).unwrap_or(text.len())
}

/// Name, decoded value, and the length of `name="value"`.
fn attribute(text: &str) -> Option<(&str, Cow<'_, str>, usize)> {
    let key = text.get(..name_length(text)).filter(|key| !key.is_empty())?;
    let after = text.get(key.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|sign| "\"'".contains(*sign))?;
    let inside = after.get(1..)?;
    let value = inside.get(..inside.find(quote)?)?;
    if value.contains('<') {
        return None;
    }
    let length = text.len() - inside.len() + value.len() + 1;
    Some((key, decoded(value)?, length))
}

/// Resolves the five named entities and numbers; nothing for any other.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('&') {
        return Some(Cow::Borrowed(text));
    }
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code).filter(|sign| !super::text::is_hidden(*sign))?
            }
        });
        out.push_str(rest);
    }
    Some(Cow::Owned(out))
}

fn size(width: Option<&str>, height: Option<&str>, view: Option<&str>) -> Option<(u32, u32)> {
    let pixels = |text: &str| {
        let number = text.trim().trim_end_matches("px").parse::<f64>().ok()?;
        // the range is checked just before, so nothing is cut off
        (1.0..=20_000.0).contains(&number).then(|| format!("{number:.0}").parse::<u32>().ok())?
    };
    if let (Some(width), Some(height)) = (width.and_then(pixels), height.and_then(pixels)) {
        return Some((width, height));
    }
    let mut sides = view?.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
    Some((pixels(sides.next()?)?, pixels(sides.next()?)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(inside: &str) -> usize {
        check(&format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 640 480\">{inside}</svg>")).1.len()
    }

    #[test]
    fn drawings_pass() {
        let text = format!(
            "<?xml version=\"1.0\"?>\n<!-- sơ đồ -->\n<svg xmlns='{SVG}' xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"640\" \
             height=\"480.4px\"><title>Bộ &amp; tỉnh</title><style>.a {{ fill: url(#g); }}</style><use xlink:href=\"#a\"/>\
             <text x=\"1\">Xin chào</text></svg>\n"
        );
        let (size, faults) = check(&text);
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(size, Some((640, 480)));
        assert_eq!(check(&format!("<svg xmlns=\"{SVG}\" viewBox=\"0 0 640 480\"/>")).0, Some((640, 480)));
    }

    #[test]
    fn anything_live_is_refused() {
        for bad in [
            "<script>alert(1)</script>",
            "<foreignObject/>",
            "<g onclick=\"x()\"/>",
            "<g ONLOAD='x()'/>",
            "<use href=\"https://example.org/a.svg#b\"/>",
            "<use xlink:href=\"data:image/svg+xml,x\"/>",
            "<image href=\"#a\"/>",
            "<a href=\"#a\"/>",
            "<animate attributeName=\"href\"/>",
            "<style>@import 'x';</style>",
            "<style>a { fill: url( 'http://example.org' ) }</style>",
            "<style>a { fill: u\\72l(x) }</style>",
            "<g style=\"fill:url(&#104;ttp://example.org)\"/>",
            "<g xml:base=\"http://example.org\"/>",
            "<![CDATA[x]]>",
            "<!DOCTYPE svg>",
            "<?xml-stylesheet href='x'?>",
            "&xxe;",
            "<g a='1' a='2'/>",
            "<g></p>",
            "<g",
            "<x:script xmlns:x='http://www.w3.org/2000/svg'/>",
        ] {
            assert!(codes(bad) > 0, "{bad}");
        }
        assert_eq!(codes("<g/>"), 0);
        assert!(!check("").1.is_empty());
        assert!(!check("<svg/>").1.is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn garbage_never_panics(text in "[<>/='\"&;!?a-gsvế \\n#:-]{0,120}") {
            let _ = check(&text);
        }
    }
}
