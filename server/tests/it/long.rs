//! What needs long: `make faults` runs it, and `make test` does not.

mod bad_days;
mod kills;
mod memory;
