//! The pages: their files, their path, and who may embed them.

use super::finding::{Finding, FindingKind, Wants};
use super::parse::{self, Reader};
use super::validate::Validate;
use domain::BasePath;
use std::path::PathBuf;

/// First parts of the portal's own paths.
const OWN: &[&str] = &[
    "account",
    "api",
    "apps",
    "audit",
    "fonts",
    "healthy",
    "metrics",
    "new-app",
    "new-secret",
    "operations",
    "pkg",
    "secrets",
    "setup",
    "signin",
    "signout",
    "teams",
    "theme",
    "up",
    "users",
];

/// The pages: their files, their path, and who may embed them.
#[derive(Clone)]
pub struct Site {
    /// Folder with the browser's files; `None` looks in the usual places.
    pub root: Option<PathBuf>,
    /// Path under which the portal is served.
    pub base_path: BasePath,
    /// Sites that may embed the portal.
    pub frame_ancestors: Vec<String>,
}

impl Site {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self {
            root: read.optional("site_root", |t| Ok(t.into()))?,
            base_path: read.with("base_path", |t| BasePath::lenient(t).map_err(Wants::Name))?,
            frame_ancestors: read.list("frame_ancestors", parse::ancestor)?,
        })
    }

    /// The portal may be shown in frames of other sites.
    #[must_use]
    pub fn embeds_across_sites(&self) -> bool {
        self.frame_ancestors.iter().any(|a| a != "'self'")
    }
}

impl Validate for Site {
    fn validate(&self) -> Vec<Finding> {
        // Behind a proxy that strips the path, /apps/… could be the base path or the page.
        let first = self.base_path.as_str().split('/').nth(1).filter(|first| OWN.contains(first));
        first.map(|first| Finding { setting: "base_path", kind: FindingKind::PathOfPages(first.to_owned()) }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_can_be_hidden_by_a_base_path() {
        for route in crate::routes::all() {
            let first = route.rule.path.split('/').nth(1).unwrap_or_default();
            assert!(first.is_empty() || first.starts_with('{') || OWN.contains(&first), "{first}");
        }
    }
}
