//! The order on the screen: no row moves by itself while somebody reads.

use std::collections::BTreeSet;

/// Groups of keys in the order on the screen.
pub type Order<K> = Vec<(String, Vec<K>)>;

/// `next` with as little movement as possible: what stays keeps its place, what is new comes last in its group, what
/// is gone goes. Used while somebody reads; ten seconds after the last sign of a person `next` is shown as it is.
#[must_use]
pub fn hold<K: Clone + Ord>(shown: &Order<K>, next: &Order<K>) -> Order<K> {
    let held = |title: &String, keys: &Vec<K>| {
        let wanted: BTreeSet<&K> = keys.iter().collect();
        let before = shown.iter().find(|(t, _)| t == title).map_or(&[][..], |(_, keys)| keys);
        let mut out: Vec<K> = before.iter().filter(|k| wanted.contains(k)).cloned().collect();
        let there: BTreeSet<K> = out.iter().cloned().collect();
        out.extend(keys.iter().filter(|k| !there.contains(k)).cloned());
        out
    };
    let mut out: Order<K> = Vec::new();
    for (title, _) in shown {
        if let Some((_, keys)) = next.iter().find(|(t, _)| t == title) {
            out.push((title.clone(), held(title, keys)));
        }
    }
    for (title, keys) in next {
        if !shown.iter().any(|(t, _)| t == title) {
            out.push((title.clone(), held(title, keys)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(groups: &[(&str, &[u32])]) -> Order<u32> {
        groups.iter().map(|(t, k)| ((*t).to_owned(), k.to_vec())).collect()
    }

    #[test]
    fn rows_stay_where_they_are_new_ones_come_last_and_gone_ones_go() {
        let shown = order(&[("a", &[1, 2, 3]), ("b", &[4])]);
        let next = order(&[("b", &[4, 5]), ("a", &[3, 9, 1])]);
        assert_eq!(hold(&shown, &next), order(&[("a", &[1, 3, 9]), ("b", &[4, 5])]));
    }

    #[test]
    fn from_nothing_the_next_order_is_shown_as_it_is() {
        let next = order(&[("b", &[5, 4])]);
        assert_eq!(hold(&Vec::new(), &next), next);
    }

    #[test]
    fn a_row_that_changes_its_group_moves_to_its_end() {
        assert_eq!(hold(&order(&[("a", &[1, 2]), ("b", &[3])]), &order(&[("a", &[2]), ("b", &[1, 3])])), order(&[("a", &[2]), ("b", &[3, 1])]));
    }
}
