//! What a browser loads before the first page works: WASM and JavaScript, compressed with brotli.

use server::assets;

use crate::table::{Table, Target};

/// A page that says hello in this framework, optimised in the same way: 149 KB of WASM and 7 KB of glue.
const HELLO_KB: f64 = 156.0;
const WITHIN_KB: f64 = 400.0;

pub fn measure(table: &mut Table) {
    let (files, assets) = assets::load();
    let sizes = [&assets.wasm, &assets.js]
        .map(|path| files.get(path).and_then(|file| file.br.as_ref()).map(|bytes| bytes.len() as f64 / 1e3));
    match sizes {
        [Some(wasm), Some(js)] => {
            let note = format!("brotli: WASM {wasm:.0}, JavaScript {js:.1}; the limit says hello");
            table.row("WASM and JavaScript on the wire", "KB", wasm + js, Some(HELLO_KB), Target::Within(WITHIN_KB), note);
        }
        _ => eprintln!("  the files for the browser are not built (or not compressed): no row for them"),
    }
}
