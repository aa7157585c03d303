//! Labels that selectors and affinities ask for.

use super::words;

words! {
    /// How a label is compared (`operator` of a selector or a node affinity).
    LabelOperator {
        /// It has one of the values.
        In = "In",
        /// It has none of them.
        NotIn = "NotIn",
        /// There is one of that key.
        Exists = "Exists",
        /// There is none.
        DoesNotExist = "DoesNotExist",
        /// It is a larger number.
        Gt = "Gt",
        /// It is a smaller one.
        Lt = "Lt",
    }
}
