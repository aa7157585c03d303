//! Rules against facts made by hand.
