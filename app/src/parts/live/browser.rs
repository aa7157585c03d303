//! In the browser an erased view can be built and rebuilt, and that is all.

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use std::any::{Any, TypeId};

/// An erased view. It must not be part of what is hydrated.
pub struct Live(Box<dyn Paint>);

/// Erases the type of a view that shows in live parts.
pub trait IntoLive {
    /// The erased view.
    fn into_live(self) -> Live;
}

impl<T: IntoView + 'static> IntoLive for T {
    fn into_live(self) -> Live {
        Live(Box::new(self))
    }
}

/// What an erased view leaves on the page.
pub struct LiveState(TypeId, Box<dyn Painted>);

// One of each per type of view; everything else is shared.
trait Paint: Send {
    fn build(self: Box<Self>) -> LiveState;
    fn rebuild(self: Box<Self>, state: &mut LiveState);
}

trait Painted: Mountable {
    fn as_any(&mut self) -> &mut dyn Any;
}

impl<M: Mountable + 'static> Painted for M {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

impl<T: Render + Send + 'static> Paint for T
where
    T::State: 'static,
{
    fn build(self: Box<Self>) -> LiveState {
        LiveState(TypeId::of::<T>(), Box::new(Render::build(*self)))
    }

    fn rebuild(self: Box<Self>, state: &mut LiveState) {
        let same = (state.0 == TypeId::of::<T>()).then(|| state.1.as_mut().as_any().downcast_mut::<T::State>()).flatten();
        if let Some(same) = same {
            return Render::rebuild(*self, same);
        }
        let mut fresh = Paint::build(self);
        state.1.insert_before_this(&mut fresh);
        state.1.unmount();
        *state = fresh;
    }
}

impl Render for Live {
    type State = LiveState;

    fn build(self) -> LiveState {
        self.0.build()
    }

    fn rebuild(self, state: &mut LiveState) {
        self.0.rebuild(state);
    }
}

impl Mountable for LiveState {
    fn unmount(&mut self) {
        self.1.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.1.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.1.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.1.elements()
    }
}

impl AddAnyAttr for Live {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self::Output<A> {
        self
    }
}

impl RenderHtml for Live {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    // A live part is never what the server has rendered: it is built beside it.
    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> LiveState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
