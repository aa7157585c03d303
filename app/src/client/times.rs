//! Times of day in the zone of the person.

use super::dom;
use crate::parts::{clock, day, set_zone};
use domain::UnixMs;

/// Writes the times of the page that the server wrote in UTC.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn local() {
    let minutes = -js_sys::Date::new_0().get_timezone_offset() as i64;
    set_zone(minutes);
    write("time[data-local]");
}

/// Those of the parts that the server has painted again. Others may be a live part's own.
pub(super) fn local_again() {
    write("[data-again] time[data-local]");
}

#[allow(clippy::cast_possible_truncation)]
fn write(selector: &str) {
    for time in dom::all(selector) {
        let at = js_sys::Date::parse(&time.get_attribute("datetime").unwrap_or_default());
        if at.is_finite() {
            let at = UnixMs(at as i64);
            let is_day = time.get_attribute("data-local").as_deref() == Some("day");
            time.set_text_content(Some(&if is_day { day(at) } else { clock(at) }));
        }
    }
}
