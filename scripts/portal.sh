# shellcheck shell=bash
# Sourced by the scripts that run portals: building, starting, waiting for and stopping them.
# Uses STATE, the folder for everything that a run writes.

CLUSTER=$ROOT/end2end/cluster/cluster.sh
NGINX=$ROOT/end2end/nginx/nginx.sh

# --- building -------------------------------------------------------------------------------------

# The release and the tests' build share neither binary nor assets.
SITE_RELEASE=$CARGO_TARGET_DIR/site-release
SITE_TEST=$CARGO_TARGET_DIR/site-test
BINARY_RELEASE=$CARGO_TARGET_DIR/release/quayside

# The tests' build is cargo-leptos' build without --release: its two cargo profiles are the ones that
# bin-profile-dev and lib-profile-dev name in Cargo.toml.
TEST_PROFILE=$(sed -n 's/^bin-profile-dev *= *"\(.*\)"/\1/p' "$ROOT/Cargo.toml")
case $TEST_PROFILE in "" | dev) TEST_PROFILE=debug ;; esac
BINARY_TEST=$CARGO_TARGET_DIR/$TEST_PROFILE/quayside

# Skipped where the same files were built before: cargo-leptos takes a minute to find out that it has nothing to do.
build_release() {
  local stamp=$SITE_RELEASE.built now
  "$ROOT/scripts/assets.sh" && cd "$ROOT" && now=$(built_from) || return
  if [ -x "$BINARY_RELEASE" ] && [ -d "$SITE_RELEASE/pkg" ] && [ "$now" = "$(cat "$stamp" 2>/dev/null)" ]; then return; fi
  rm -f "$stamp"
  LEPTOS_SITE_ROOT=$SITE_RELEASE cargo leptos build --release --split --precompress && echo "$now" >"$stamp"
}
# One hash of all that a build reads. Clones share the folder that they build in, so times of files tell nothing.
built_from() {
  find .cargo app domain frontend migrations public server style Cargo.toml Cargo.lock rust-toolchain.toml scripts/common.sh -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}
build_test() { "$ROOT/scripts/assets.sh" && cd "$ROOT" && LEPTOS_SITE_ROOT=$SITE_TEST cargo leptos build --split; }

# build_or_die "what" LOG command…
build_or_die() {
  progress "$@"
  [ "$CODE" = 0 ] || { tail -n 60 "$2" >&2; die "the build failed; the end of its output is above ($2)"; }
}

# --- ports ----------------------------------------------------------------------------------------

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range from which the kernel gives out ports for outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! port_taken $port; then echo $port; return; fi
  done
}

# --- running --------------------------------------------------------------------------------------

# Pages are made of many small pieces of memory, of which the C library keeps 7 of each size at hand unless told otherwise: with
# more, a list of 500 apps takes a quarter less. What is freed goes back sooner with one heap for all threads, and with large pieces
# outside of it: the YAML and configuration of hostile objects then leave 7 MiB instead of 15. The image sets the same.
AT_HAND=GLIBC_TUNABLES=glibc.malloc.tcache_count=128:glibc.malloc.tcache_max=512:glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=131072

# start_portal BINARY SITE NAME PORT LOG [SETTING=VALUE…]: its number is in PORTAL, and in PORTALS.
PORTALS=()
start_portal() {
  local binary=$1 site=$2 name=$3 port=$4 log=$5
  shift 5
  [ -x "$binary" ] || die "there is no portal to start: $binary"
  mkdir -p "$STATE/$name"
  # A session of its own: Ctrl-C reaches the script, which stops things in order.
  setsid env "$AT_HAND" PORT="$port" QUAYSIDE_DATABASE="$STATE/$name/quayside.db" QUAYSIDE_SITE_ROOT="$site" \
    QUAYSIDE_TRUSTED_PROXIES=127.0.0.1/32 "$@" "$binary" </dev/null >>"$log" 2>&1 &
  PORTAL=$!
  PORTALS+=("$PORTAL")
}

# wait_for_portal URL PID LOG: until /healthy answers 200.
wait_for_portal() {
  local end=$((SECONDS + 90))
  until curl -sf --max-time 2 "${1%/}/healthy" -o /dev/null; do
    kill -0 "$2" 2>/dev/null || portal_failed "the portal ended instead of starting" "$3"
    [ $SECONDS -lt $end ] || portal_failed "the portal at $1 is not healthy after 90 s" "$3"
    sleep 0.1
  done
}
portal_failed() {
  tail -n 40 "$2" >&2
  printf 'quayside: %s; the end of its log is above (%s)\n' "$1" "$2" >&2
  exit 1
}

# They get ten seconds to say goodbye to their pages.
stop_portals() {
  local pid end=$((SECONDS + 10))
  for pid in ${PORTALS[@]+"${PORTALS[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for pid in ${PORTALS[@]+"${PORTALS[@]}"}; do
    while kill -0 "$pid" 2>/dev/null; do
      [ $SECONDS -lt $end ] || kill -KILL "$pid" 2>/dev/null || true
      sleep 0.05
    done
  done
  PORTALS=()
}

# The first sign-in of a state folder; nobody else may read it.
admin_password() {
  local file=$STATE/admin-password
  [ -s "$file" ] || (umask 077 && mkdir -p "$STATE" && openssl rand -base64 15 | tr '+/' 'xy' >"$file")
  cat "$file"
}

# --- which cluster --------------------------------------------------------------------------------

# The cluster that KUBECONFIG names, or the one we run in, if it answers.
cluster_given() {
  if [ -n "${KUBECONFIG:-}" ]; then
    local server
    server=$(kubeconfig_server)
    # Any answer will do, also a refusal: the portal says better what it may not do.
    if [ -n "$server" ] && curl -sk --max-time 5 "$server/version" -o /dev/null; then
      say "Using the cluster of KUBECONFIG=$KUBECONFIG ($server). Nothing is put into it."
      return 0
    fi
    say "KUBECONFIG=$KUBECONFIG cannot be reached${server:+ at $server}; using a local cluster instead."
    return 1
  fi
  [ -n "${KUBERNETES_SERVICE_HOST:-}" ] || return 1
  say "Using the cluster that this pod runs in. Nothing is put into it."
}

# Without kubectl (a user of a remote cluster need not have it) the first server of the file has to do.
kubeconfig_server() {
  if command -v kubectl >/dev/null; then
    kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}' 2>/dev/null || true
  else
    grep -ohE 'server: *"?https?://[^" ,}]+' "${KUBECONFIG%%:*}" 2>/dev/null | head -n 1 | sed 's/server: *"\{0,1\}//' || true
  fi
}

# The local cluster comes up in the background: it has its minute while cargo works.
CLUSTER_NAME=${QS_CLUSTER_NAME:-}
CLUSTER_JOB=""
CLUSTER_STARTED=""
# Another clone's cluster may be up and have the first name.
free_cluster_name() {
  local name=dev number=1 owner
  while owner=$("$CLUSTER" owner --name "$name") && [ "$owner" != "$STATE/cluster-$name" ]; do
    number=$((number + 1))
    name=dev-$number
  done
  echo "$name"
}
begin_local_cluster() {
  [ -n "$CLUSTER_NAME" ] || CLUSTER_NAME=$(free_cluster_name)
  KUBECONFIG=$("$CLUSTER" kubeconfig --name "$CLUSTER_NAME")
  export KUBECONFIG
  if "$CLUSTER" status --name "$CLUSTER_NAME" >/dev/null 2>&1; then
    say "Using the local cluster $CLUSTER_NAME, which is up. It stays up afterwards."
    "$CLUSTER" load-samples --name "$CLUSTER_NAME" >/dev/null
    return
  fi
  attached "$ROOT/scripts/setup.sh" cluster
  CLUSTER_STARTED=yes
  local_cluster >"$STATE/cluster.log" 2>&1 &
  CLUSTER_JOB=$!
}
local_cluster() {
  trap 'stop_attached; exit 143' TERM
  # shellcheck disable=SC2086
  attached "$CLUSTER" up --name "$CLUSTER_NAME" ${CLUSTER_SOON:-}
  "$CLUSTER" load-samples --name "$CLUSTER_NAME"
}
job_ended() { while kill -0 "$1" 2>/dev/null; do sleep 0.2; done; }
finish_local_cluster() {
  [ -n "$CLUSTER_JOB" ] || return 0
  progress "waiting for the local cluster" /dev/null job_ended "$CLUSTER_JOB"
  if ! wait "$CLUSTER_JOB"; then
    cat "$STATE/cluster.log" >&2
    die "the local cluster did not start"
  fi
  CLUSTER_JOB=""
}
# Only the one that this run has started.
stop_local_cluster() {
  [ -n "$CLUSTER_STARTED" ] || return 0
  [ -z "$CLUSTER_JOB" ] || { kill "$CLUSTER_JOB" 2>/dev/null && wait "$CLUSTER_JOB" 2>/dev/null; } || true
  "$CLUSTER" down --name "$CLUSTER_NAME" >/dev/null 2>&1 || say "The cluster $CLUSTER_NAME could not be stopped: try 'end2end/cluster/cluster.sh down --name $CLUSTER_NAME'."
}
