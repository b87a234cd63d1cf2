//! Compiles the crate `frontend` and runs wasm-bindgen (as a library, so that its version is always the lockfile's). Steps whose input
//! has not changed are left out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{Options, fingerprint, step};

pub struct Built {
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
}

pub fn build(root: &Path, work: &Path, options: Options) -> Result<Built> {
    let module = compile(root, options)?;
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;

    let js_path = work.join("roster.js");
    let wasm_path = work.join("roster_bg.wasm");
    let mark = fingerprint(&[&bytes, env!("CARGO_PKG_VERSION").as_bytes(), &[u8::from(options.dev)]]);
    if !is_marked(work, "bindgen", &mark) || !js_path.is_file() || !wasm_path.is_file() {
        step("Writing the JavaScript glue (wasm-bindgen)", || bind(bytes, work, options))?;
        set_mark(work, "bindgen", &mark)?;
    }

    // No wasm-opt: its -Oz takes a quarter off the module, but what is left compresses worse, and 12 % more goes over the wire.
    let js = fs::read(&js_path).with_context(|| format!("cannot read {}", js_path.display()))?;
    let wasm = fs::read(&wasm_path).with_context(|| format!("cannot read {}", wasm_path.display()))?;
    Ok(Built { js, wasm })
}

/// Runs cargo and returns the path of the compiled module, which depends on the machine's cargo configuration.
fn compile(root: &Path, options: Options) -> Result<PathBuf> {
    let profile = if options.dev { "dev" } else { "wasm-release" };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root)
        .args(["build", "--package", "frontend", "--lib", "--target", "wasm32-unknown-unknown", "--profile", profile])
        .args(["--quiet", "--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit());
    let output = command.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("the WASM crate does not compile; if the target is missing: rustup target add wasm32-unknown-unknown");
    }
    // One JSON message per line; the last artefact is the crate itself.
    let messages = String::from_utf8_lossy(&output.stdout);
    let module = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .rfind(|path| path.file_name().is_some_and(|name| name == "frontend.wasm"));
    module.context("cargo built no frontend.wasm")
}

fn bind(module: Vec<u8>, work: &Path, options: Options) -> Result<()> {
    let snippets = work.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(&snippets).context("cannot remove the old snippets")?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_bytes("roster", module).typescript(false).web(true)?;
    if !options.dev {
        bindgen.remove_name_section(true).remove_producers_section(true);
    }
    bindgen.generate(work)?;
    if snippets.exists() {
        // They would have to be hashed and served too. Nothing that Roster uses has any.
        bail!("a dependency brings JavaScript of its own ({}), which this tool does not handle", snippets.display());
    }
    Ok(())
}

fn is_marked(work: &Path, name: &str, mark: &str) -> bool {
    fs::read_to_string(work.join(name).with_extension("fingerprint")).is_ok_and(|old| old == mark)
}

fn set_mark(work: &Path, name: &str, mark: &str) -> Result<()> {
    fs::write(work.join(name).with_extension("fingerprint"), mark).context("cannot write a fingerprint")
}
