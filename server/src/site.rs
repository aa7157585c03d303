//! The site folder, and the browser's files in it under their hashed names.
//!
//! cargo-leptos writes `pkg/quayside.HASH.{js,wasm,css}`; the rest (fonts, charts, icon) comes from `public/`.

use app::page::Assets;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The site folder and what was found in it at the start.
#[derive(Clone, Debug, Default)]
pub struct Site {
    root: PathBuf,
    assets: Assets,
}

impl Site {
    /// Looks into the folder of the configuration, else beside the program, else where cargo-leptos builds.
    #[must_use]
    pub fn find(configured: Option<&Path>) -> Self {
        let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(|dir| dir.join("site")));
        let places = [configured.map(Path::to_path_buf), beside, Some(PathBuf::from("target/site"))];
        let root = match configured {
            Some(root) => root.to_path_buf(),
            None => places.into_iter().flatten().find(|p| p.join("pkg").is_dir()).unwrap_or_else(|| PathBuf::from("target/site")),
        };
        let pkg = |extension: &str| newest(&root.join("pkg"), |n| n.starts_with("quayside") && n.ends_with(extension)).map(|n| format!("/pkg/{n}"));
        let assets = Assets {
            css: pkg(".css").unwrap_or_default(),
            js: pkg(".js").unwrap_or_default(),
            wasm: pkg(".wasm").unwrap_or_default(),
            chart_js: newest(&root, is_chart).map(|n| format!("/{n}")).unwrap_or_default(),
        };
        if assets.js.is_empty() || assets.wasm.is_empty() {
            tracing::warn!("no browser files in {}, so pages work without scripts only. Set site_root to their folder.", root.display());
        }
        Self { root, assets }
    }

    /// The folder from which files are sent.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Paths of the hashed files.
    #[must_use]
    pub fn assets(&self) -> Assets {
        self.assets.clone()
    }
}

/// The newest fitting file of a folder, because a build leaves older ones beside its own.
fn newest(dir: &Path, fits: impl Fn(&str) -> bool) -> Option<String> {
    let files = std::fs::read_dir(dir).ok()?.flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok().filter(|n| fits(n))?;
        let changed = entry.metadata().and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        Some((changed, name))
    });
    files.max().map(|(_, name)| name)
}

/// `chart.HASH.js`, which lies beside `pkg/`.
pub(crate) fn is_chart(name: &str) -> bool {
    name.starts_with("chart.") && name.ends_with(".js")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_found_and_the_newest_wins() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("pkg")).unwrap();
        for (n, name) in
            ["pkg/quayside.aaaaaaaaaa.js", "pkg/quayside.bbbbbbbbbb.js", "pkg/quayside.cccccccccc.wasm", "pkg/quayside.dddddddddd.css", "chart.eeeeeeee.js"]
                .iter()
                .enumerate()
        {
            let file = std::fs::File::create(dir.path().join(name)).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(n as u64)).unwrap();
        }
        let found = Site::find(Some(dir.path())).assets();
        assert_eq!(
            (found.js.as_str(), found.wasm.as_str(), found.css.as_str()),
            ("/pkg/quayside.bbbbbbbbbb.js", "/pkg/quayside.cccccccccc.wasm", "/pkg/quayside.dddddddddd.css")
        );
        assert_eq!(found.chart_js, "/chart.eeeeeeee.js");
    }
}
