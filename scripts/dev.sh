#!/usr/bin/env bash
# `make dev`: builds, serves and watches; a saved file is on the page seconds later.
source "$(dirname "$0")/common.sh"
STATE=${QS_STATE:-$ROOT/.state}
source "$ROOT/scripts/portal.sh"

stop_all() {
  stop_local_cluster
}

PORT=${PORT:-3000}
! port_taken "$PORT" || die "port $PORT is in use: stop what listens there, or choose another with 'make dev PORT=3100'"
mkdir -p "$STATE/dev"
at_exit stop_all
attached "$ROOT/scripts/setup.sh" build
# The portal says itself that metrics are on their way.
CLUSTER_SOON=--soon
cluster_given || begin_local_cluster
finish_local_cluster
say "Sign in as admin with $(admin_password) at http://127.0.0.1:$PORT once it is built"
cd "$ROOT"
# A build while watching leaves the names of the first one, so names have no hash here.
rm -rf "$CARGO_TARGET_DIR/site-dev"
export LEPTOS_HASH_FILES=false
export PORT LEPTOS_SITE_ROOT=$CARGO_TARGET_DIR/site-dev QUAYSIDE_SITE_ROOT=$CARGO_TARGET_DIR/site-dev
export LEPTOS_SITE_ADDR=127.0.0.1:$PORT QUAYSIDE_DATABASE=$STATE/dev/quayside.db
QUAYSIDE_ADMIN_PASSWORD=$(admin_password)
export QUAYSIDE_ADMIN_PASSWORD
attached scripts/assets.sh
attached cargo leptos watch --split
