//! What Kubernetes writes on objects and in answers, read into enums. The words of the scheduler, of the kubelet and of
//! container runtimes are compared here and nowhere else; each file says from whose source its texts come. A text that
//! no pattern knows becomes `Other` or `Said`: it is shown, and nothing is decided by it.
//!
//! The tests' texts and what is read from them are `tests/kubernetes/objects`.

pub mod container;
pub mod event;
pub mod image;
pub mod pod;
pub mod probe;
pub mod scheduler;
pub mod volume;
