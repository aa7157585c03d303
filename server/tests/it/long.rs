//! What needs long: `make faults` runs it, and `make test` does not.

mod bad_days;
mod changes;
mod kills;
mod memory;
