//! Compressed twins beside each file, made once here and not at each request.

use std::path::{Path, PathBuf};

use super::Mode;
use super::bundle::is_text;
use crate::failure::Outcome;
use crate::files;
use crate::process::{self, Step};

/// Node's own brotli and gzip at their best; the files' names come as arguments.
const SCRIPT: &str = "\
const zlib = require('node:zlib'), fs = require('node:fs');
for (const file of process.argv.slice(1)) {
  const bytes = fs.readFileSync(file);
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 22,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  fs.writeFileSync(file + '.br', zlib.brotliCompressSync(bytes, { params }));
  fs.writeFileSync(file + '.gz', zlib.gzipSync(bytes, { level: 9 }));
}";

/// Compresses every text and wasm file below a folder; pages in a hurry go without.
pub fn all_below(folder: &Path, mode: Mode) -> Outcome {
    if mode == Mode::Dev {
        return Ok(());
    }
    let compressible = |path: &PathBuf| {
        let name = path.to_string_lossy();
        is_text(&name) || name.ends_with(".wasm")
    };
    let found: Vec<PathBuf> = files::files_below(folder)?.into_iter().filter(compressible).collect();
    let mut command = process::command("node");
    command.args(["-e", SCRIPT, "--"]).args(found);
    Step::new("compressing the pages", "5 s").run(&mut command)
}
