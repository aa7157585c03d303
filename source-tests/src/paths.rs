//! Paths that the documentation names.

use std::collections::BTreeSet;
use std::path::Path;

/// Ends of the names of files that are in the repository. `quayside.db` and other files of a running portal are not.
const ENDS: [&str; 11] = [".rs", ".md", ".sql", ".toml", ".json", ".golden", ".allowed", ".txt", ".yaml", ".sh", ".ts"];

/// Folders that builds and runs make.
const MADE: [&str; 2] = ["target", "node_modules"];

/// The files and folders of the checkout, by their paths below it.
#[derive(Clone, Debug, Default)]
pub struct Tree(BTreeSet<String>);

impl Tree {
    /// Those below a folder, without hidden ones.
    ///
    /// # Panics
    /// If a folder cannot be read.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let mut all = BTreeSet::new();
        collect(root, "", &mut all);
        Self(all)
    }

    /// Whether a file or folder is meant: by its path below the checkout, or by the end of it (`slim/pod.rs`). `{a,b}` stands
    /// for several, all of which must exist. `*`, and a word in capitals such as `SUBJECT`, stands for any part of a name.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        alternatives(path).iter().all(|path| {
            let exact = self.0.contains(path);
            exact || {
                let wanted: Vec<String> = path.split('/').map(pattern).collect();
                self.0.iter().any(|there| ends_with(there, &wanted))
            }
        })
    }

    /// Whether a folder or file of this name is directly below the checkout.
    fn begins(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// The paths in backticks of a Markdown file, with their lines. Blocks of code are left out.
    #[must_use]
    pub fn named_in(&self, markdown: &str) -> Vec<(usize, String)> {
        let mut in_block = false;
        let mut found = Vec::new();
        for (number, line) in markdown.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
            } else if !in_block {
                let quoted = line.split('`').skip(1).step_by(2);
                let paths = quoted.flat_map(str::split_whitespace).filter(|word| self.is_path(word));
                found.extend(paths.map(|path| (number + 1, path.to_owned())));
            }
        }
        found
    }

    /// Whether a word is meant as a path of the repository: it has the end of one, or begins in one of its folders. Addresses
    /// of the portal (`/apps`), paths outside (`~/.kube/config`) and variables are none.
    fn is_path(&self, word: &str) -> bool {
        let allowed = |c: char| c.is_alphanumeric() || "._-/{},*…".contains(c);
        let begins_in_a_folder = word.split_once('/').is_some_and(|(first, _)| self.begins(first));
        word.starts_with(|c: char| c.is_alphanumeric() || c == '{')
            && word.chars().all(allowed)
            && (begins_in_a_folder || ENDS.iter().any(|end| word.ends_with(end)))
    }
}

#[expect(clippy::expect_used, reason = "a test that cannot read the checkout has nothing to say")]
fn collect(folder: &Path, below: &str, all: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the checkout") {
        let entry = entry.expect("an entry of a folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || MADE.contains(&name.as_str()) {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type().expect("its type").is_dir() {
            collect(&entry.path(), &path, all);
        }
        all.insert(path);
    }
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`.
fn alternatives(path: &str) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![path.to_owned()] };
    inside.split(',').flat_map(|one| alternatives(&format!("{before}{one}{after}"))).collect()
}

/// A name in which words of three or more capitals (`SUBJECT`, `NNNN`) become `*`.
fn pattern(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let capitals = rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len());
        if capitals >= 3 {
            out.push('*');
            rest = &rest[capitals..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn ends_with(there: &str, wanted: &[String]) -> bool {
    let parts: Vec<&str> = there.split('/').collect();
    parts.len() >= wanted.len() && parts[parts.len() - wanted.len()..].iter().zip(wanted).all(|(part, pattern)| fits(part, pattern))
}

fn fits(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| (0..=rest.len()).any(|at| rest.is_char_boundary(at) && fits(&rest[at..], after))),
    }
}

/// The targets of a Markdown file's links to other files, with their lines, without anchors.
#[must_use]
pub fn links_in(markdown: &str) -> Vec<(usize, String)> {
    let targets = |line: &str| {
        let ends = line.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
        let files = ends.filter(|target| !target.contains("://")).filter_map(|target| target.split('#').next());
        files.filter(|file| !file.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    markdown.lines().enumerate().flat_map(|(number, line)| targets(line).into_iter().map(move |target| (number + 1, target))).collect()
}
