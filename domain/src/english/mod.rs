//! The English of the portal: codes with typed arguments come in, sentences go out. Nothing reads a sentence back.

pub mod remark;
