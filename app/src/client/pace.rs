//! When the pieces of a page are painted: at once where nothing was a moment ago, otherwise a moment later, and never for long.

use super::dom;
use domain::live::Gather;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

/// Milliseconds that pieces may be painted in one go.
const GO_MS: f64 = 8.0;
/// Milliseconds from one go to the next, about a frame of the screen. A frame itself is not asked for: what changes out
/// of sight needs none.
const PACE_MS: i32 = 16;

/// Pieces that wait, and how one is painted. Clones are the same.
pub struct Pace<K>(Rc<Inner<K>>);

struct Inner<K> {
    gather: RefCell<Gather<K>>,
    /// Pieces whose time has come.
    due: RefCell<VecDeque<K>>,
    paint: RefCell<Box<dyn FnMut(K)>>,
    /// Something was painted a moment ago.
    fresh: Cell<bool>,
    /// A timer runs for what may not be painted yet.
    timed: Cell<bool>,
}

impl<K> Clone for Pace<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Ord + Clone + 'static> Pace<K> {
    /// Nothing waits.
    #[must_use]
    pub fn new(paint: impl FnMut(K) + 'static) -> Self {
        Self(Rc::new(Inner {
            gather: RefCell::default(),
            due: RefCell::default(),
            paint: RefCell::new(Box::new(paint)),
            fresh: Cell::new(false),
            timed: Cell::new(false),
        }))
    }

    /// A piece has to be painted.
    pub fn note(&self, piece: K) {
        self.0.gather.borrow_mut().note(piece);
    }

    /// Paints what may be painted now; the rest follows by itself.
    #[allow(clippy::cast_possible_truncation)]
    pub fn go(&self) {
        if self.0.fresh.get() {
            return;
        }
        let begun = dom::ticks();
        self.0.due.borrow_mut().extend(self.0.gather.borrow_mut().take(begun as i64));
        while let Some(piece) = self.next() {
            self.0.fresh.set(true);
            (self.0.paint.borrow_mut())(piece);
            if dom::ticks() - begun > GO_MS {
                break;
            }
        }
        let again = self.clone();
        if self.0.fresh.get() {
            dom::later(PACE_MS, move || {
                again.0.fresh.set(false);
                again.go();
            });
        } else if let Some(ms) = self.0.gather.borrow().next(begun as i64).filter(|_| !self.0.timed.replace(true)) {
            dom::later(i32::try_from(ms).unwrap_or(0), move || {
                again.0.timed.set(false);
                again.go();
            });
        }
    }

    fn next(&self) -> Option<K> {
        self.0.due.borrow_mut().pop_front()
    }
}
