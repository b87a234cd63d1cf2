//! Makes the folder that the binary embeds exist, so that a fresh clone compiles before anything was bundled, and compiles the
//! server again when `tools/bundle` has written new files into it.

use std::{fs, path::Path};

fn main() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site");
    let manifest = site.join("manifest.json");
    println!("cargo:rerun-if-changed={}", manifest.display());
    let made = fs::create_dir_all(&site).and_then(|()| match manifest.exists() {
        true => Ok(()),
        false => fs::write(&manifest, "{}"),
    });
    if let Err(error) = made {
        println!("cargo:warning=cannot prepare {}: {error}", site.display());
    }
}
