#!/usr/bin/env bash
# `make run`: the release portal at http://127.0.0.1:PORT, on the cluster of KUBECONFIG or on a local one
# with sample apps. BASE_PATH=/team/portal serves it there, behind nginx; MODE says what nginx does with
# that path before it asks the portal: `stripped` (takes it off, as unless told otherwise) or `kept`. Ctrl-C stops what was started.
source "$(dirname "$0")/common.sh"
STATE=${QS_STATE:-$ROOT/.state}
source "$ROOT/scripts/portal.sh"

PORT=${PORT:-3000}
BASE_PATH=${BASE_PATH:-}
BASE_PATH=${BASE_PATH%/}
MODE=${MODE:-stripped}

check_settings() {
  [[ $PORT =~ ^[0-9]+$ ]] || die "PORT is a number, not $PORT"
  [[ $BASE_PATH =~ ^(/[A-Za-z0-9._~-]+)*$ ]] || die "BASE_PATH is a path like /team/portal, not $BASE_PATH"
  [[ $MODE =~ ^(stripped|kept)$ ]] || die "MODE is stripped or kept, not $MODE"
  ! port_taken "$PORT" || die "port $PORT is in use: stop what listens there, or choose another with 'make run PORT=3100'"
}

# What runs is a copy: the next build, of this checkout or of another one with the same dependencies, replaces what lies in
# the cache.
keep_served() {
  rm -rf "$STATE/served"
  mkdir -p "$STATE/served"
  cp -r --reflink=auto "$SITE_RELEASE" "$STATE/served/site"
  cp --reflink=auto "$BINARY_RELEASE" "$STATE/served/quayside"
}

# Leaves the portal's own port in UPSTREAM and the address for people in ADDRESS.
serve() {
  local log=$STATE/portal.log upstream=$PORT
  [ -z "$BASE_PATH" ] || upstream=$(free_port)
  : >"$log"
  start_portal "$STATE/served/quayside" "$STATE/served/site" portal "$upstream" "$log" \
    QUAYSIDE_BASE_PATH="$BASE_PATH" QUAYSIDE_ADMIN_PASSWORD="$(admin_password)"
  if [ -n "$BASE_PATH" ]; then
    "$NGINX" start "$MODE" "$PORT" "$upstream" "$BASE_PATH" "$STATE"
  fi
  ADDRESS=http://127.0.0.1:$PORT$BASE_PATH
  wait_for_portal "$ADDRESS" "$PORTAL" "$log"
}

stop_all() {
  [ -z "${ADDRESS:-}" ] || say "Stopping."
  "$NGINX" stop "$STATE"
  stop_portals
  stop_local_cluster
  # Ctrl-C is how one ends it.
  [ "$1" != 130 ] || [ -z "${ADDRESS:-}" ] || exit 0
}

check_settings
mkdir -p "$STATE"
STATE=$(cd "$STATE" && pwd)
at_exit stop_all
attached "$ROOT/scripts/setup.sh" build
[ -z "$BASE_PATH" ] || attached "$ROOT/scripts/setup.sh" proxy
# The portal says itself that metrics are on their way.
CLUSTER_SOON=--soon
cluster_given || begin_local_cluster
build_or_die "building the portal (the first time about 16 min)" "$STATE/build.log" build_release
keep_served
finish_local_cluster
serve
say "Open $ADDRESS   Sign in as admin with $(admin_password)"
printf '    The log is in %s. Ctrl-C stops it.\n' "$STATE/portal.log" >&2
wait "$PORTAL" || portal_failed "the portal ended" "$STATE/portal.log"
