//! How many bytes a slim object keeps. Its JSON is about as long as what it holds, whatever fields it has.

use super::Slim;
use serde::Serialize;
use std::io::{self, Write};

/// What each object costs beside what it says: its places in the index.
const PLACES: usize = 512;

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of facts.
pub(crate) fn weight(facts: &impl Serialize) -> usize {
    let mut count = Count(PLACES);
    // Facts have no form that JSON could not take.
    let _ = serde_json::to_writer(&mut count, facts);
    count.0
}

/// Bytes of facts that stand within an object, which has its places in the index already.
pub(super) fn within(facts: &impl Serialize) -> usize {
    weight(facts) - PLACES
}

impl Slim {
    /// Bytes that it keeps, about.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Workload(w) => weight(w),
            Self::Run(r) => weight(&(&r.name, &r.uid, &r.owner, &r.facts, &r.failure)),
            Self::Set(s) => weight(&(&s.uid, &s.owner, &s.facts)),
            Self::Pod(p) => weight(&(&p.owner, &p.claims, &p.facts, &p.single)) + p.apart,
            Self::Service(s) => weight(s),
            Self::Slice(s) => weight(&(&s.name, &s.service)),
            Self::Ingress(i) => weight(i),
            Self::Claim(c) => weight(&(&c.uid, &c.facts)),
            Self::Autoscaler(a) => weight(a),
            // A selector is as long as its facts, about.
            Self::Policy(p) => weight(&p.facts) + p.selects.weight(),
            Self::Event(e) => weight(&(&e.name, &e.facts)),
        }
    }
}
