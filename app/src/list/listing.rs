//! What of the list is wanted, as it stands in the address.

use domain::Namespace;
use domain::live::{GroupBy, ListQuery, Sort};

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
}
