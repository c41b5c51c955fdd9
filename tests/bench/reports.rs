//! The real reports that benchmarks read where none are named.

use std::path::{Path, PathBuf};

/// The folder that the command line names, else `../shared/data/reports`, else the sample corpus.
pub fn folder() -> PathBuf {
    // Cargo passes `--bench`; a folder is what does not begin with a dash.
    if let Some(given) = std::env::args().skip(1).find(|arg| !arg.starts_with('-')) {
        return given.into();
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = here.join("../shared/data/reports");
    if shared.is_dir() { shared } else { here.join("corpus") }
}
