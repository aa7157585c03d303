//! The palette: what it lists for a query, and which entry is chosen. The browser paints it and carries it out.

use domain::search::{Fit, Place};

/// Something that the page offers itself: a button, a tab, a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it says: `Restart`.
    pub label: String,
    /// Its number among the page's actions.
    pub number: usize,
}

/// A line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Go there.
    Place(Place),
    /// Do that.
    Action(Action),
}

/// Lines under one title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The title.
    pub title: &'static str,
    /// The lines.
    pub entries: Vec<Entry>,
}

/// What is typed, what it fits, and what is chosen.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    query: String,
    actions: Vec<Action>,
    recent: Vec<Place>,
    found: Vec<Place>,
    problem: Option<String>,
    chosen: usize,
    asked: u64,
}

impl Palette {
    /// A palette over the actions of a page and the places where the person was last.
    #[must_use]
    pub fn new(labels: impl IntoIterator<Item = String>, recent: Vec<Place>) -> Self {
        let actions = labels.into_iter().enumerate().map(|(number, label)| Action { label, number }).collect();
        Self { actions, recent, ..Self::default() }
    }

    /// The query as it was typed.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Why nothing could be searched.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Takes a new query; the answer has to come with the number that this gives.
    pub fn ask(&mut self, query: String) -> u64 {
        self.query = query;
        self.chosen = 0;
        self.asked += 1;
        self.asked
    }

    /// Takes the answer to the query of that number; one that a newer query has overtaken is dropped.
    pub fn answer(&mut self, number: u64, answer: Result<Vec<Place>, String>) {
        if number != self.asked {
            return;
        }
        (self.found, self.problem) = match answer {
            Ok(found) => (found, None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
    }

    /// The lines by section. Without a query: where the person was last, then what the page offers; with one, what fits it
    /// best comes first.
    #[must_use]
    pub fn sections(&self) -> Vec<Section> {
        let places = |title, places: Vec<&Place>| Section { title, entries: places.into_iter().cloned().map(Entry::Place).collect() };
        let actions = Section { title: "On this page", entries: self.fitting_actions() };
        let all = if self.is_empty() {
            let others = self.found.iter().filter(|p| !self.recent.iter().any(|r| r.path == p.path)).collect();
            vec![places("Recent", self.recent.iter().collect()), actions, places("Go to", others)]
        } else {
            let found = places("Go to", self.found.iter().collect());
            if self.begins_an_action() { vec![actions, found] } else { vec![found, actions] }
        };
        all.into_iter().filter(|s| !s.entries.is_empty()).collect()
    }

    /// The chosen entry's place among all lines.
    #[must_use]
    pub const fn chosen(&self) -> usize {
        self.chosen
    }

    /// The chosen entry.
    #[must_use]
    pub fn choice(&self) -> Option<Entry> {
        self.sections().into_iter().flat_map(|s| s.entries).nth(self.chosen)
    }

    /// Chooses the line so many further down; after the last comes the first.
    pub fn step(&mut self, by: isize) {
        let count = self.sections().iter().map(|s| s.entries.len()).sum::<usize>();
        if count > 0 {
            self.chosen = (self.chosen.min(count - 1)).wrapping_add_signed(by.rem_euclid(count.cast_signed())) % count;
        }
    }

    fn is_empty(&self) -> bool {
        self.query.trim().is_empty()
    }

    fn fitting_actions(&self) -> Vec<Entry> {
        let mut fit = Fit::new(&self.query);
        let mut hits: Vec<_> = self.actions.iter().filter_map(|a| Some((fit.score(&a.label)?, a))).collect();
        hits.sort_by_key(|(score, a)| (std::cmp::Reverse(*score), a.number));
        hits.into_iter().map(|(_, a)| Entry::Action(a.clone())).collect()
    }

    // Who types "res" on the page of an app means Restart.
    fn begins_an_action(&self) -> bool {
        let begin = self.query.trim().to_lowercase();
        self.actions.iter().any(|a| a.label.to_lowercase().starts_with(&begin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        Place::at(path).unwrap()
    }

    fn palette() -> Palette {
        Palette::new(["Restart", "Logs"].map(String::from), vec![place("/apps/web/deployment/shop")])
    }

    fn lines(p: &Palette) -> Vec<String> {
        let words = |e: Entry| match e {
            Entry::Place(place) => place.title,
            Entry::Action(action) => action.label,
        };
        p.sections().into_iter().flat_map(|s| s.entries).map(words).collect()
    }

    #[test]
    fn without_a_query_the_last_places_come_first_and_none_twice() {
        let mut p = palette();
        let number = p.ask(String::new());
        p.answer(number, Ok(vec![place("/apps/web/deployment/shop"), place("/apps/web")]));
        assert_eq!(lines(&p), ["shop", "Restart", "Logs", "web"]);
        assert_eq!(p.sections().iter().map(|s| s.title).collect::<Vec<_>>(), ["Recent", "On this page", "Go to"]);
    }

    #[test]
    fn an_action_whose_name_is_begun_comes_before_places() {
        let mut p = palette();
        let number = p.ask("res".into());
        p.answer(number, Ok(vec![place("/apps/web/deployment/resolver")]));
        assert_eq!(lines(&p), ["Restart", "resolver"]);
        let number = p.ask("sol".into());
        p.answer(number, Ok(vec![place("/apps/web/deployment/resolver")]));
        assert_eq!(lines(&p), ["resolver"]);
    }

    #[test]
    fn an_answer_that_comes_late_does_not_replace_a_newer_one() {
        let mut p = palette();
        let (old, new) = (p.ask("s".into()), p.ask("sh".into()));
        p.answer(new, Ok(vec![place("/apps/web/deployment/shop")]));
        p.answer(old, Err("Can't reach the portal.".into()));
        assert_eq!((lines(&p), p.problem()), (vec!["shop".to_owned()], None));
    }

    #[test]
    fn the_choice_goes_round_and_starts_anew_with_a_new_query() {
        let mut p = palette();
        p.step(-1);
        assert_eq!(p.choice(), Some(Entry::Action(Action { label: "Logs".into(), number: 1 })));
        p.step(1);
        assert_eq!(p.chosen(), 0);
        p.step(2);
        p.ask("re".into());
        assert_eq!(p.choice(), Some(Entry::Action(Action { label: "Restart".into(), number: 0 })));
        p.ask("zebra".into());
        p.step(1);
        assert_eq!(p.choice(), None);
    }
}
