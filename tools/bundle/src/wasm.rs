//! Compiles the crate `frontend`, runs wasm-bindgen (as a library, so that its version is always the lockfile's) and, when asked,
//! wasm-opt. Steps whose input has not changed are left out.

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

    let wasm_path = if options.optimize { optimize(root, work, &wasm_path)? } else { wasm_path };
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
    // One JSON message a line; the last artefact is the crate itself.
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

fn optimize(root: &Path, work: &Path, input: &Path) -> Result<PathBuf> {
    let Some(tool) = find_wasm_opt(root) else {
        eprintln!("  wasm-opt is not there, so the WASM stays twice as large. `npm install --global binaryen` brings it.");
        return Ok(input.to_owned());
    };
    let bytes = fs::read(input).with_context(|| format!("cannot read {}", input.display()))?;
    let output = work.join("roster_bg.opt.wasm");
    let mark = fingerprint(&[&bytes, b"-Oz"]);
    if !is_marked(work, "wasm-opt", &mark) || !output.is_file() {
        step("Making the WASM smaller (wasm-opt -Oz)", || {
            let status = Command::new(&tool).args(["-Oz", "--all-features", "-o"]).arg(&output).arg(input).status();
            match status.with_context(|| format!("cannot start {}", tool.display()))?.success() {
                true => Ok(()),
                false => bail!("{} failed; version 123 or newer is needed", tool.display()),
            }
        })?;
        set_mark(work, "wasm-opt", &mark)?;
    }
    Ok(output)
}

fn find_wasm_opt(root: &Path) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let local = root.join("end2end/node_modules/.bin");
    std::env::split_paths(&path).chain([local]).map(|folder| folder.join("wasm-opt")).find(|tool| tool.is_file())
}

fn is_marked(work: &Path, name: &str, mark: &str) -> bool {
    fs::read_to_string(work.join(name).with_extension("fingerprint")).is_ok_and(|old| old == mark)
}

fn set_mark(work: &Path, name: &str, mark: &str) -> Result<()> {
    fs::write(work.join(name).with_extension("fingerprint"), mark).context("cannot write a fingerprint")
}
