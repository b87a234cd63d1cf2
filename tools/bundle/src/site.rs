//! Writes the site: `pkg/` holds files named by a hash of their content, `root/` the files of `assets/` under their own names,
//! both with `.br` and `.gz` copies where that helps, and `manifest.json` says what is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::Path,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{Options, fingerprint, step};

pub struct Sources {
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
    pub css: Vec<u8>,
}

/// Read by the server (`server/src/assets.rs`), which knows the same fields.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    /// File names below `pkg/`.
    css: String,
    js: String,
    wasm: String,
    /// Names below `root/` and a hash of each one's content.
    root: BTreeMap<String, String>,
    /// How well the copies are compressed: a change of it compresses again.
    best: bool,
}

pub fn build(root: &Path, sources: Sources, options: Options) -> Result<()> {
    let site = options.folder(root, "site");
    let (pkg, own) = (site.join("pkg"), site.join("root"));
    for folder in [&pkg, &own] {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }

    // The best takes a few seconds longer, and saves a tenth of what goes over the wire.
    let best = !options.dev;
    let name = |bytes: &[u8], extension: &str| format!("roster.{}.{extension}", fingerprint(&[bytes]));
    let manifest_path = site.join("manifest.json");
    let old: Option<Manifest> = fs::read(&manifest_path).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let mut manifest = Manifest {
        css: name(&sources.css, "css"),
        js: name(&sources.js, "js"),
        wasm: name(&sources.wasm, "wasm"),
        root: BTreeMap::new(),
        best,
    };

    let mut files = vec![
        (pkg.join(&manifest.css), sources.css),
        (pkg.join(&manifest.js), sources.js),
        (pkg.join(&manifest.wasm), sources.wasm),
    ];
    for (name, bytes) in assets(&root.join("assets"))? {
        manifest.root.insert(name.clone(), fingerprint(&[&bytes]));
        files.push((own.join(name), bytes));
    }
    let complete = files.iter().all(|(path, _)| path.is_file());
    if complete && old.as_ref() == Some(&manifest) {
        return Ok(());
    }

    step("Compressing the files for the browser (brotli and gzip)", || {
        let again = old.is_none_or(|old| old.best != best);
        let mut kept = BTreeSet::new();
        for (path, bytes) in &files {
            write_one(path, bytes, best, again, &mut kept)?;
        }
        remove_others(&pkg, &kept)?;
        remove_others(&own, &kept)
    })?;
    // Last, because it is what makes the server embed the files again.
    let text = serde_json::to_string_pretty(&manifest).context("cannot write the manifest")?;
    fs::write(&manifest_path, text).with_context(|| format!("cannot write {}", manifest_path.display()))
}

/// The files directly in the folder, by name.
fn assets(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        if let Some(name) = name.filter(|name| path.is_file() && !name.starts_with('.')) {
            files.insert(name, fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
        }
    }
    Ok(files)
}

/// Writes a file and, when that saves something, its compressed forms. What is there under a hashed name already is right.
fn write_one(path: &Path, bytes: &[u8], best: bool, again: bool, kept: &mut BTreeSet<String>) -> Result<()> {
    let hashed = path.parent().is_some_and(|folder| folder.ends_with("pkg"));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    let (br, gz) = (format!("{name}.br"), format!("{name}.gz"));

    if again || !hashed || !path.is_file() {
        write(path, bytes)?;
        let packed = [(&br, brotli(bytes, if best { 11 } else { 9 })?), (&gz, gzip(bytes)?)];
        for (name, packed) in packed {
            let beside = path.with_file_name(name);
            if packed.len() < bytes.len() {
                write(&beside, &packed)?;
            } else if beside.exists() {
                fs::remove_file(&beside).with_context(|| format!("cannot remove {}", beside.display()))?;
            }
        }
    }
    kept.extend([name, br, gz]);
    Ok(())
}

/// Whole or not at all: a half-written file under a hashed name would be taken for right by the next run.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_added_extension("part");
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, path)).with_context(|| format!("cannot write {}", path.display()))
}

fn remove_others(folder: &Path, kept: &BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if !path.file_name().and_then(|name| name.to_str()).is_some_and(|name| kept.contains(name)) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn brotli(bytes: &[u8], quality: i32) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &parameters).context("cannot compress")?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).context("cannot compress")?;
    encoder.finish().context("cannot compress")
}
