//! Markup as text, for what the server writes by the thousand and the browser patches cell by cell.
//!
//! One function writes a cell for both, so that what the server has rendered is what the browser would write. Whatever
//! is not written in the source goes through [`Html::text`] or [`Html::attr`], which escape it.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

/// Markup under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(String::new())
    }

    /// Markup that stands in the source.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, escaped.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.0);
        self
    }

    /// A space, the attribute, its value escaped.
    pub fn attr(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.0.push(' ');
        self.0.push_str(name);
        self.0.push_str("=\"");
        escape(value, &mut self.0);
        self.0.push('"');
        self
    }

    /// A drawing made of numbers and of names in the source.
    pub(crate) fn drawn(&mut self, svg: &str) -> &mut Self {
        self.0.push_str(svg);
        self
    }

    /// Markup that was written before.
    pub fn add(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// The markup.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The markup.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// The same as a view; it has to be one element.
    #[must_use]
    pub fn into_view(self) -> impl IntoView + use<> {
        InertElement::new(self.0)
    }
}

/// What one function writes.
#[must_use]
pub fn html(write: impl FnOnce(&mut Html)) -> Html {
    let mut out = Html::new();
    write(&mut out);
    out
}

fn escape(text: &str, out: &mut String) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(entity);
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_end_neither_its_element_nor_its_attribute() {
        let evil = "</b><script>x</script>\" onload='x' &amp; \u{202e}ä";
        let out = html(|h| {
            h.raw("<b").attr("title", evil).raw(">").text(evil).raw("</b>");
        });
        let escaped = "&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; \u{202e}ä";
        assert_eq!(out.as_str(), format!("<b title=\"{escaped}\">{escaped}</b>"));
        assert_eq!(
            html(|h| {
                h.text("");
            }),
            Html::new()
        );
    }
}
