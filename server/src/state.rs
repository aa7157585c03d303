//! What every handler has.

use crate::config::Config;
use crate::lifecycle::Life;
use crate::live::Sockets;
use crate::numbers::Numbers;
use crate::site::Site;
use domain::Language;
use service::Portal;
use std::sync::Arc;

/// The server's own things; a clone is the same server.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// Fields of [`App`].
pub struct Inner {
    /// The use cases.
    pub portal: Portal,
    /// The settings.
    pub config: Config,
    /// The browser's files.
    pub site: Site,
    /// What is counted.
    pub numbers: Numbers,
    /// Soft and hard end.
    pub life: Life,
    /// Open live sockets.
    pub sockets: Sockets,
}

impl App {
    /// Puts the server together.
    #[must_use]
    pub fn new(portal: Portal, config: Config, life: Life) -> Self {
        let site = Site::find(config.site.root.as_deref());
        Self(Arc::new(Inner { portal, config, site, numbers: Numbers::default(), life, sockets: Sockets::default() }))
    }

    /// In which it speaks.
    #[must_use]
    pub fn language(&self) -> Language {
        self.config.language
    }
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
