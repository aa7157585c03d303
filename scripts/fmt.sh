#!/usr/bin/env bash
# `make fmt`: formats the Rust code, with the rustfmt that `make test` checks it with.
source "$(dirname "$0")/common.sh"

"$ROOT/scripts/setup.sh" rust
cd "$ROOT"
cargo fmt --all
