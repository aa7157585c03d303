#!/usr/bin/env bash
# `make bench`: how fast and how small the release portal is, against curl and nginx in the same run.
# The table goes to end2end/artefacts/bench.md as well.
source "$(dirname "$0")/common.sh"
STATE=$ROOT/.state/bench-$$
source "$ROOT/scripts/portal.sh"
CLUSTER_NAME=bench-$$
export QS_STATE=$STATE
ARTEFACTS=$ROOT/end2end/artefacts

stop_all() {
  "$NGINX" stop "$STATE"
  stop_portals
  stop_local_cluster
  rm -rf "$STATE"
}

mkdir -p "$STATE/static" "$STATE/certs" "$ARTEFACTS"
at_exit stop_all
attached "$ROOT/scripts/setup.sh" build cluster browser
begin_local_cluster
build_or_die "building the release portal" "$ARTEFACTS/bench-build.log" build_release
finish_local_cluster

port=$(free_port)
start_portal "$BINARY_RELEASE" "$SITE_RELEASE" portal "$port" "$ARTEFACTS/bench-portal.log" QUAYSIDE_ADMIN_PASSWORD="$(admin_password)"
wait_for_portal "http://127.0.0.1:$port" "$PORTAL" "$ARTEFACTS/bench-portal.log"
static=$(free_port)
"$NGINX" start static "$static" 0 "$STATE/static" "$STATE"

cd "$ROOT"
QS_ADMIN_PASSWORD=$(admin_password)
export QS_ADMIN_PASSWORD QS_URL=http://127.0.0.1:$port QS_PID=$PORTAL QS_OUT=$ARTEFACTS/bench.md
export QS_STATIC_URL=http://127.0.0.1:$static QS_STATIC_ROOT=$STATE/static
code=0
# What fails there does not keep the rest from being measured.
node end2end/bench/bench.mjs & ATTACHED=$!
wait "$ATTACHED" || code=$?
# 10,000 pods would slow all that is measured before them.
export QS_BINARY=$BINARY_RELEASE QS_SITE=$SITE_RELEASE QS_TABLE=$QS_OUT
kill "$PORTAL" 2>/dev/null || true
env "$AT_HAND" node end2end/bench/scale.mjs & ATTACHED=$!
wait "$ATTACHED" || code=$?
ATTACHED=""
exit "$code"
