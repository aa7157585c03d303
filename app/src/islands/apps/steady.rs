//! Sentences that tick keep their height.

use crate::list::unticked;
use std::collections::HashMap;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

/// How high the sentences of what needs attention are, by app. One whose numbers alone change would take a line more or less
/// from second to second, and all below it would jump: it keeps its height, and what does not fit is cut off at its
/// end. With other words it may grow; with another width of the page all are measured anew.
#[derive(Default)]
pub(super) struct Steady {
    sentences: HashMap<String, Sentence>,
}

struct Sentence {
    /// Its words without its numbers.
    words: String,
    height: i32,
}

impl Steady {
    /// All are measured anew with the next painting.
    pub(super) fn forget(&mut self) {
        self.sentences.clear();
    }

    /// Looks at what was just painted inside of `attention`.
    pub(super) fn keep(&mut self, attention: &Element) {
        let Ok(sentences) = attention.query_selector_all("li > p") else { return };
        let of = |item: &HtmlElement| item.query_selector("a").ok().flatten().and_then(|a| a.get_attribute("href")).unwrap_or_default();
        let found: Vec<_> = (0..sentences.length())
            .filter_map(|i| sentences.item(i)?.dyn_into::<HtmlElement>().ok())
            .map(|p| {
                let (app, words) = (of(&p), unticked(&p.text_content().unwrap_or_default()));
                let same = self.sentences.get(&app).filter(|s| s.words == words).map(|s| s.height);
                (p, app, words, same)
            })
            .collect();
        // All is measured between two rounds of writing, so that the page is laid out once.
        for (p, _, _, same) in &found {
            let _ = p.style().set_property("height", &same.map_or_else(|| "auto".to_owned(), |height| format!("{height}px")));
        }
        let before = std::mem::take(&mut self.sentences);
        for (p, app, words, same) in &found {
            let height = same.unwrap_or_else(|| p.offset_height().max(before.get(app).map_or(0, |s| s.height)));
            self.sentences.insert(app.clone(), Sentence { words: words.clone(), height });
        }
        for (p, app, _, same) in found {
            if let (None, Some(sentence)) = (same, self.sentences.get(&app)) {
                let _ = p.style().set_property("height", &format!("{}px", sentence.height));
            }
        }
    }
}
