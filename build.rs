//! Gathers what the binary carries: templates and text catalogues as they are; styles, scripts and icons under names that hold a
//! hash of their content, and already compressed. Migrations are embedded by diesel; a new one must trigger a build.

use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    for folder in [
        "migrations",
        "templates",
        "static/styles",
        "static/scripts",
        "static/icons",
        "src/organisations/seed",
        "courses",
    ] {
        println!("cargo:rerun-if-changed={folder}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    fs::write(out.join("templates.rs"), templates(&root.join("templates"))?)?;
    fs::write(out.join("courses.rs"), courses(&root.join("courses"))?)?;
    fs::write(out.join("assets.rs"), assets(&root.join("static"), &out)?)?;
    Ok(())
}

fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { found.extend(files_below(&path)?) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn templates(folder: &Path) -> Outcome<String> {
    let mut code = String::from("pub static TEMPLATES: &[(&str, &str)] = &[\n");
    for path in files_below(folder)? {
        let name = path.strip_prefix(folder)?.to_str().ok_or("a template's name is not UTF-8")?.to_owned();
        writeln!(code, "({name:?}, include_str!({path:?})),")?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// The shipped courses, a list of files for each folder.
fn courses(folder: &Path) -> Outcome<String> {
    let mut code = String::from("pub static SHIPPED: &[Folder] = &[\n");
    for entry in fs::read_dir(folder)? {
        let course = entry?.path();
        if !course.join("course.toml").is_file() {
            continue;
        }
        let name = course.file_name().and_then(|n| n.to_str()).ok_or("a course's name is not UTF-8")?.to_owned();
        writeln!(code, "({name:?}, &[")?;
        for path in files_below(&course)? {
            let inside = path.strip_prefix(&course)?.to_str().ok_or("a file's name is not UTF-8")?.to_owned();
            writeln!(code, "({inside:?}, include_bytes!({path:?})),")?;
        }
        code.push_str("]),\n");
    }
    code.push_str("];\n");
    Ok(code)
}

fn assets(folder: &Path, out: &Path) -> Outcome<String> {
    let mut finished: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
    let styles = folder.join("styles");
    if styles.join("index.css").exists() {
        add(&mut finished, "app.css", stylesheet(&styles)?.into_bytes());
    }
    for path in files_below(&folder.join("icons"))? {
        let name = path.file_name().and_then(|n| n.to_str()).ok_or("an icon's name is not UTF-8")?;
        add(&mut finished, &format!("icons/{name}"), fs::read(&path)?);
    }
    for path in files_below(&folder.join("scripts"))? {
        script(&path, &mut finished)?;
    }
    let mut code = String::from("pub static ASSETS: &[Asset] = &[\n");
    let packed = out.join("assets");
    fs::create_dir_all(&packed)?;
    for (name, (hashed, bytes)) in &finished {
        let plain = packed.join(hashed);
        let (br, gz) = (packed.join(format!("{hashed}.br")), packed.join(format!("{hashed}.gz")));
        fs::write(&plain, bytes)?;
        fs::write(&br, brotli_of(bytes)?)?;
        fs::write(&gz, gzip_of(bytes)?)?;
        writeln!(
            code,
            "Asset {{ name: {name:?}, file: {hashed:?}, plain: include_bytes!({plain:?}), brotli: include_bytes!({br:?}), gzip: include_bytes!({gz:?}) }},"
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// One stylesheet out of the files that index.css names, in its order, without comments and without the space that only people need.
/// No text in quotes of ours has such a space.
fn stylesheet(folder: &Path) -> Outcome<String> {
    let mut whole = String::new();
    for line in fs::read_to_string(folder.join("index.css"))?.lines() {
        match line.trim().strip_prefix("@import \"").and_then(|l| l.split('"').next()) {
            Some(file) => whole.push_str(&fs::read_to_string(folder.join(file)).map_err(|e| format!("{file}: {e}"))?),
            None => whole.push_str(line),
        }
        whole.push('\n');
    }
    let mut bare = String::new();
    let mut rest = whole.as_str();
    while let Some(start) = rest.find("/*") {
        bare.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    bare.push_str(rest);
    let bare = bare.lines().map(str::trim).filter(|l| !l.is_empty()).fold(String::new(), |all, line| all + line + "\n");
    let tighter =
        [(": ", ":"), ("; ", ";"), (", ", ","), (" {", "{"), ("{ ", "{"), ("{\n", "{"), (";}", "}"), (" }", "}")];
    Ok(tighter.iter().fold(bare, |sheet, (loose, tight)| sheet.replace(loose, tight)))
}

/// Adds a module, without the lines that are a comment, and, before it, those it imports, whose names in the import become the hashed ones.
fn script(path: &Path, finished: &mut BTreeMap<String, (String, Vec<u8>)>) -> Outcome<String> {
    let name = path.file_name().and_then(|n| n.to_str()).ok_or("a script's name is not UTF-8")?.to_owned();
    if let Some((hashed, _)) = finished.get(&name) {
        return Ok(hashed.clone());
    }
    let written = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut text = written
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |all, line| all + line + "\n");
    let imports: Vec<String> =
        text.split("from \"./").skip(1).filter_map(|after| after.split('"').next()).map(str::to_owned).collect();
    for import in imports {
        let hashed = script(&path.with_file_name(&import), finished)?;
        text = text.replace(&format!("from \"./{import}\""), &format!("from \"./{hashed}\""));
    }
    Ok(add(finished, &name, text.into_bytes()))
}

fn add(finished: &mut BTreeMap<String, (String, Vec<u8>)>, name: &str, bytes: Vec<u8>) -> String {
    let digest = Sha256::digest(&bytes);
    let hash = digest.iter().take(6).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "bin"));
    let hashed = format!("{stem}-{hash}.{ending}");
    finished.insert(name.to_owned(), (hashed.clone(), bytes));
    hashed
}

fn brotli_of(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, 4096, 11, 22).write_all(bytes)?;
    Ok(packed)
}

fn gzip_of(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes)?;
    Ok(packer.finish()?)
}
