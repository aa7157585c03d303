//! How one order of rows becomes another with as little movement as possible.

use std::collections::{BTreeMap, BTreeSet};

/// One step from the order on the screen to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<K> {
    /// It goes.
    Remove(K),
    /// It stands before another from now on, or at the end. It may be there already, elsewhere.
    Put(K, Option<K>),
}

/// The steps that make `next` of `shown`; as many as possible stay where they are. Both hold each key once.
#[must_use]
pub fn steps<K: Clone + Ord>(shown: &[K], next: &[K]) -> Vec<Step<K>> {
    let before: BTreeMap<&K, usize> = shown.iter().enumerate().map(|(at, key)| (key, at)).collect();
    let wanted: BTreeSet<&K> = next.iter().collect();
    let mut out: Vec<Step<K>> = shown.iter().filter(|key| !wanted.contains(key)).cloned().map(Step::Remove).collect();
    let places: Vec<Option<usize>> = next.iter().map(|key| before.get(key).copied()).collect();
    let stays = longest_rise(&places);
    for (at, key) in next.iter().enumerate().rev() {
        if !stays[at] {
            out.push(Step::Put(key.clone(), next.get(at + 1).cloned()));
        }
    }
    out
}

// Which of the places are part of a longest rising series.
fn longest_rise(places: &[Option<usize>]) -> Vec<bool> {
    // For each length of a series: where the one with the least end ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; places.len()];
    for (at, place) in places.iter().enumerate() {
        if place.is_some() {
            let length = ends.partition_point(|end| places[*end] < *place);
            previous[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
            if length == ends.len() {
                ends.push(at);
            } else {
                ends[length] = at;
            }
        }
    }
    let mut stays = vec![false; places.len()];
    let mut at = ends.last().copied();
    while let Some(here) = at {
        stays[here] = true;
        at = previous[here];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn walked(shown: &[u32], steps: &[Step<u32>]) -> Vec<u32> {
        let mut list = shown.to_vec();
        for step in steps {
            match step {
                Step::Remove(key) => list.retain(|k| k != key),
                Step::Put(key, before) => {
                    list.retain(|k| k != key);
                    let at = before.map_or(list.len(), |b| list.iter().position(|k| *k == b).unwrap());
                    list.insert(at, *key);
                }
            }
        }
        list
    }

    #[test]
    fn a_row_that_moves_moves_alone() {
        let all = [1, 2, 3, 4, 5];
        assert_eq!(steps(&all, &all), []);
        assert_eq!(steps(&all, &[5, 1, 2, 3, 4]), [Step::Put(5, Some(1))], "up");
        assert_eq!(steps(&all, &[2, 3, 4, 5, 1]), [Step::Put(1, None)], "down");
        assert_eq!(steps(&all, &[1, 2, 9, 4, 5]), [Step::Remove(3), Step::Put(9, Some(4))]);
        assert_eq!(steps(&[], &[1, 2]), [Step::Put(2, None), Step::Put(1, Some(2))]);
    }

    proptest! {
        #[test]
        fn the_steps_lead_to_the_next_order_whatever_came_before(shown in Just((0_u32..12).collect::<Vec<_>>()).prop_shuffle(), next in Just((4_u32..18).collect::<Vec<_>>()).prop_shuffle(), cut in 0_usize..12) {
            let (shown, next) = (&shown[cut..], &next[cut / 2..]);
            prop_assert_eq!(walked(shown, &steps(shown, next)), next);
        }
    }
}
