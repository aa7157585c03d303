#!/usr/bin/env bash
# `make test`: everything that proves the portal, in named parts. Starts what it needs, on free ports, in
# a cluster and a state folder of its own, and stops all of it; a running `make run` is not disturbed.
# Each part's output is kept in end2end/artefacts/parts.
source "$(dirname "$0")/common.sh"
source "$ROOT/scripts/parts.sh" test
PARTS=$ARTEFACTS/parts
BASE=/team/portal

# --- what the parts do ----------------------------------------------------------------------------

format_check() { cargo fmt --all --check; }
lints_host() { cargo clippy --workspace --exclude quayside-frontend --all-targets -- -D warnings; }
lints_wasm() { cargo clippy -p quayside-frontend --target wasm32-unknown-unknown -- -D warnings; }
unit_tests() { unset QS_TEST_KUBECONFIG; cargo test --workspace --exclude quayside-frontend; }
integration_tests() { export QS_TEST_KUBECONFIG=$KUBECONFIG; cargo test --workspace --exclude quayside-frontend -- --ignored --skip long::; }
# Short: that they build, and that nothing is found near what is known. `make fuzz` looks further.
fuzz_targets() { env -u CARGO_TARGET_DIR FOR=3 scripts/fuzz.sh; }
browser_tests() { npx playwright test --config end2end/playwright.config.ts; }

# The image around the tests' build, its pod, and what is seen of it from outside.
pod_tests() {
  local pod=$ROOT/end2end/pod/pod.sh code=0
  "$pod" build "$BINARY_TEST" "$SITE_TEST"
  QS_URL_POD=$("$pod" up)
  export QS_URL_POD
  npx playwright test --config end2end/playwright.config.ts --project pod --output "$ARTEFACTS/playwright-pod" || code=$?
  "$pod" down
  return $code
}

# What the tests read; see end2end/playwright.config.ts and end2end/tests/portal.ts.
QS_CLUSTER="$CLUSTER --name $CLUSTER_NAME"
QS_SERVER_LOG=$ARTEFACTS/portal.log
QS_ADMIN_PASSWORD=$(openssl rand -base64 15 | tr '+/' 'xy')
# For a test that stops a portal of its own.
QS_BINARY=$BINARY_TEST QS_SITE=$SITE_TEST
export QS_CLUSTER QS_SERVER_LOG QS_ADMIN_PASSWORD QS_BINARY QS_SITE

# A portal as a browser sees it, in each way of serving. All write to one log, which the tests search.
start_portals() {
  local mode port address base ancestors
  : >"$QS_SERVER_LOG"
  # The site that may show one of them in a frame; the tests serve it.
  QS_FRAME_ORIGIN=http://localhost:$(free_port)
  export QS_FRAME_ORIGIN
  for mode in root stripped kept header framed; do
    port=$(free_port) base="" ancestors=""
    case $mode in
      root) address=http://127.0.0.1:$port ;;
      framed) address=http://127.0.0.1:$port ancestors=$QS_FRAME_ORIGIN ;;
      # Here nothing but the header tells the portal where it is.
      header) address=$(behind_nginx stripped-header "$port") ;;
      *) base=$BASE address=$(behind_nginx "$mode" "$port") ;;
    esac
    start_portal "$BINARY_TEST" "$SITE_TEST" "$mode" "$port" "$QS_SERVER_LOG" \
      QUAYSIDE_BASE_PATH="$base" QUAYSIDE_FRAME_ANCESTORS="$ancestors" QUAYSIDE_ADMIN_PASSWORD="$QS_ADMIN_PASSWORD"
    wait_for_portal "$address" "$PORTAL" "$QS_SERVER_LOG"
    export "QS_URL_${mode^^}=$address"
  done
}
behind_nginx() { # MODE UPSTREAM
  local port
  port=$(free_port)
  "$NGINX" start "$1" "$port" "$2" "$BASE" "$STATE/$1"
  echo "http://127.0.0.1:$port$BASE"
}
stop_nginx() { local dir; for dir in "$STATE"/*/nginx; do [ ! -d "$dir" ] || "$NGINX" stop "$(dirname "$dir")"; done; }

stop_all() {
  stop_nginx
  stop_portals
  stop_run
}

# --- the run --------------------------------------------------------------------------------------

rm -rf "$ARTEFACTS"
at_exit stop_all
begin_run build cluster browser tests

part "format check" format_check
part "lints host" lints_host
part "lints wasm" lints_wasm
part "unit tests" unit_tests
part "fuzz targets" fuzz_targets
part "browser build" build_test
BUILT=$([ $CODE != 0 ] || echo yes)
cluster_part

if [ -z "$CLUSTER_UP" ]; then
  not_run "integration tests" "there is no cluster"
elif grep -rqs --include='*.rs' 'ignore = "needs the cluster"' domain server app; then
  part "integration tests" integration_tests
else
  none "integration tests"
fi

if [ -z "$CLUSTER_UP" ] || [ -z "$BUILT" ]; then
  not_run "the portal as a pod" "without cluster or build"
else
  part "the portal as a pod" pod_tests
fi

if ! compgen -G 'end2end/tests/*.spec.ts' >/dev/null; then
  none "browser tests"
elif [ -z "$CLUSTER_UP" ] || [ -z "$BUILT" ]; then
  not_run "browser tests" "without cluster or build"
else
  STAGE="browser tests"
  start_portals
  part "browser tests" browser_tests
fi

STAGE=""
[ $FAILED = 0 ]
