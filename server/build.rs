//! Makes the folder with the files for the browser exist, so that a fresh clone compiles before anything was bundled, and compiles a
//! server that embeds them again when `tools/bundle` has written new ones.

use std::{fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // As `src/assets.rs` chooses: a debug build reads the files when it runs.
    let embeds = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join(if embeds { "../target/site" } else { "../target/site-dev" });
    let manifest = site.join("manifest.json");
    if embeds {
        println!("cargo:rerun-if-changed={}", manifest.display());
    }
    let made = fs::create_dir_all(&site).and_then(|()| match manifest.exists() {
        true => Ok(()),
        false => fs::write(&manifest, "{}"),
    });
    if let Err(error) = made {
        println!("cargo:warning=cannot prepare {}: {error}", site.display());
    }
}
