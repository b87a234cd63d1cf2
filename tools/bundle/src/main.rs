//! Builds what the browser loads: the WASM crate, its JavaScript glue, the style sheet and the files of `assets/`. The result is
//! `target/site`, which the server embeds, or `target/site-dev`, which a debug build of the server reads (see `server/src/assets.rs`).
//! Running it without changes does nothing, quickly.

mod site;
mod style;
mod wasm;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result, bail};

const HELP: &str = "\
Builds target/site: the WASM, JavaScript and CSS that the server embeds.

Usage: bundle [--dev]

  --dev  build target/site-dev, for a debug build of the server: quick to build, large to load";

/// The arguments of the command line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    dev: bool,
}

impl Options {
    /// A folder of one kind of build: neither kind throws the other's files away.
    fn folder(self, root: &Path, name: &str) -> PathBuf {
        root.join("target").join(if self.dev { format!("{name}-dev") } else { name.to_owned() })
    }
}

fn main() -> ExitCode {
    let mut options = Options::default();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--dev" => options.dev = true,
            "--help" | "-h" => {
                println!("{HELP}");
                return ExitCode::SUCCESS;
            }
            other => {
                eprintln!("bundle: «{other}» is not an option.\n\n{HELP}");
                return ExitCode::from(2);
            }
        }
    }
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<()> {
    let root = workspace()?;
    let work = options.folder(&root, "bundle");
    std::fs::create_dir_all(&work).with_context(|| format!("cannot create {}", work.display()))?;

    let built = wasm::build(&root, &work, options)?;
    let css = style::build(&root.join("style/main.css"))?;
    site::build(&root, site::Sources { js: built.js, wasm: built.wasm, css: css.into_bytes() }, options)
}

/// The folder with the workspace's Cargo.toml: this crate's grandparent, whatever the current folder is.
fn workspace() -> Result<PathBuf> {
    match Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2) {
        Some(root) if root.join("frontend").is_dir() => Ok(root.to_owned()),
        _ => bail!("the source folder has moved since this tool was built; build it again"),
    }
}

/// Says what happens and, when it is over, how long it took.
fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("  {what} …");
    let started = Instant::now();
    let result = work()?;
    eprintln!("  … done in {:.1} s", started.elapsed().as_secs_f32());
    Ok(result)
}

/// The first 16 hex digits of the SHA-256 of these parts.
fn fingerprint(parts: &[&[u8]]) -> String {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
