//! How something that is told is to be taken.

use crate::slugs::slugs;
use serde::{Deserialize, Serialize};

slugs! {
    /// How a step, a remark or a banner is to be taken. It decides its colour and its glyph, never its words.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    Tone {
        /// Something was changed, by a person or by a controller.
        Change = "change",
        /// It went well.
        Ok = "ok",
        /// Good to know.
        Info = "info",
        /// Worth a look.
        Warn = "warn",
        /// It failed.
        Bad = "bad",
        /// The last remark on a log: no line follows.
        End = "end",
    }
}
