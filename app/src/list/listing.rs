//! What of the list is wanted, as it stands in the address.

use domain::Namespace;
use domain::live::{GroupBy, ListQuery, Sort};
use domain::status::Word;

/// A namespace or all of them, with filter, order and groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The namespace; all where none is given.
    pub namespace: Option<Namespace>,
    /// Filter, order, groups.
    pub query: ListQuery,
}

impl Listing {
    /// Reads decoded pairs. Without a word on groups, all namespaces are grouped by namespace, one is not grouped.
    #[must_use]
    pub fn new(namespace: Option<Namespace>, pairs: &[(String, String)]) -> Self {
        let mut query = ListQuery::from_pairs(pairs);
        if !pairs.iter().any(|(k, _)| k == "group") {
            query.group = Self::usual(namespace.as_ref());
        }
        Self { namespace, query }
    }

    const fn usual(namespace: Option<&Namespace>) -> GroupBy {
        if namespace.is_some() { GroupBy::None } else { GroupBy::Namespace }
    }

    /// The path below the base path that shows this.
    #[must_use]
    pub fn path(&self) -> String {
        let own = self.namespace.as_ref().map_or_else(|| "/apps".to_owned(), |n| format!("/apps/{n}"));
        let mut pairs: Vec<(String, String)> = self.query.to_pairs().into_iter().filter(|(k, _)| k != "group").collect();
        if self.query.group != Self::usual(self.namespace.as_ref()) {
            pairs.push(("group".to_owned(), group_slug(self.query.group).to_owned()));
        }
        let pairs: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        format!("{own}{}", crate::links::query(&pairs))
    }

    /// The same with another query.
    #[must_use]
    pub fn but(&self, change: impl FnOnce(&mut ListQuery)) -> Self {
        let mut other = self.clone();
        change(&mut other.query);
        other
    }

    /// Ordered by `sort`; asked again, the other way round.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> Self {
        self.but(|q| {
            q.reverse = q.sort == sort && !q.reverse;
            q.sort = sort;
        })
    }

    /// The same with a group collapsed; asked again, open.
    #[must_use]
    pub fn folded(&self, title: &str) -> Self {
        self.but(|q| match q.collapsed.iter().position(|c| c == title) {
            Some(at) => drop(q.collapsed.remove(at)),
            None => {
                q.collapsed.push(title.to_owned());
                q.collapsed.sort_unstable();
            }
        })
    }

    /// All that need attention in one list, the heaviest first.
    #[must_use]
    pub fn of_attention(&self) -> Self {
        Self::new(self.namespace.clone(), &[]).but(|q| {
            q.words = Word::ATTENTION.to_vec();
            q.group = GroupBy::None;
            q.collapsed.clone_from(&self.query.collapsed);
        })
    }

    /// Whether this lists all that need attention and nothing else.
    #[must_use]
    pub fn is_of_attention(&self) -> bool {
        self.query.words == Word::ATTENTION && self.query.kinds.is_empty() && self.query.text.trim().is_empty()
    }

    /// The list as it is without any choice but what is collapsed.
    #[must_use]
    pub fn usual_one(&self) -> Self {
        Self::new(self.namespace.clone(), &[]).but(|q| q.collapsed.clone_from(&self.query.collapsed))
    }

    /// Whether each row has to say its namespace.
    #[must_use]
    pub fn names_spaces(&self) -> bool {
        self.namespace.is_none() && self.query.group != GroupBy::Namespace
    }

    /// Whether anything is left out.
    #[must_use]
    pub fn filtered(&self) -> bool {
        !self.query.text.trim().is_empty() || !self.query.words.is_empty() || !self.query.kinds.is_empty()
    }

    /// Everything again, in the same order.
    #[must_use]
    pub fn cleared(&self) -> Self {
        self.but(|q| {
            q.text.clear();
            q.words.clear();
            q.kinds.clear();
        })
    }
}

/// As it stands in the address.
#[must_use]
pub(crate) const fn group_slug(group: GroupBy) -> &'static str {
    match group {
        GroupBy::None => "none",
        GroupBy::Namespace => "namespace",
        GroupBy::Team => "team",
        GroupBy::Release => "release",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_namespaces_are_grouped_and_one_is_not() {
        let all = Listing::new(None, &[]);
        assert_eq!((all.query.group, all.path().as_str()), (GroupBy::Namespace, "/apps"));
        let web = Listing::new(Namespace::parse("web").ok(), &[]);
        assert_eq!((web.query.group, web.path().as_str()), (GroupBy::None, "/apps/web"));
        assert_eq!(all.but(|q| q.group = GroupBy::None).path(), "/apps?group=none");
    }

    fn read(listing: &Listing) -> Listing {
        let path = listing.path();
        Listing::new(listing.namespace.clone(), &crate::links::decode(path.split_once('?').map_or("", |(_, q)| q)))
    }

    #[test]
    fn a_group_is_collapsed_by_its_link_and_opened_by_the_same() {
        let all = Listing::new(None, &[]);
        let one = all.folded("web");
        assert_eq!(one.path(), "/apps?collapsed=web");
        assert_eq!(one.folded("").path(), "/apps?collapsed=&collapsed=web");
        assert_eq!(read(&one.folded("")).query.collapsed, ["", "web"], "the group of those that belong to none has no title");
        assert_eq!(one.folded("web"), all);
    }

    #[test]
    fn one_address_lists_all_that_need_attention_whatever_was_filtered_before() {
        let web = Listing::new(Namespace::parse("web").ok(), &[("q".into(), "kpow".into()), ("kind".into(), "job".into())]);
        assert_eq!(web.of_attention().path(), "/apps/web?status=failing,degraded,unknown");
        let all = web.usual_one().of_attention();
        assert!(all.is_of_attention() && read(&all).is_of_attention());
        assert_eq!(Listing::new(None, &[]).of_attention().path(), "/apps?status=failing,degraded,unknown&group=none");
        assert!(!web.is_of_attention() && !all.but(|q| q.text = "x".into()).is_of_attention());
        assert_eq!(web.usual_one().path(), "/apps/web");
        let folded = Listing::new(None, &[]).folded("web");
        assert_eq!(folded.of_attention().usual_one(), folded, "what was collapsed is so on the way back");
    }
}
