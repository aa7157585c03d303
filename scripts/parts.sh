# shellcheck shell=bash disable=SC2034
# Sourced, with the name of the run, by the scripts that prove something in named parts: each is counted and timed, its output
# is kept, and a summary comes last. A run has a cluster and a state folder of its own. Uses PARTS, the folder for the output.

source "$ROOT/scripts/portal.sh"
STATE=$ROOT/.state/$1-$$
CLUSTER_NAME=$1-$$
# The cluster's state is kept below ours, also when others call cluster.sh.
export QS_STATE=$STATE
ARTEFACTS=$ROOT/end2end/artefacts
# What makes a rebuild after an edit quicker takes 14 GB over time, and a whole run does not need it.
export CARGO_INCREMENTAL=0

PASSED=0 FAILED=0 SUMMARY=() CLUSTER_UP=""
# What the run is at; empty where it has come to its end.
STAGE=""

record() { SUMMARY+=("$(printf '%-7s %5ss  %s' "$1" "$2" "$3")"); }

# part "name" command…: counted, timed, and its output shown where it failed. CODE says how it went;
# the next parts run anyhow.
part() {
  local name=$1 start=$SECONDS log
  log=$PARTS/${name// /-}.log
  shift
  progress "$name" "$log" "$@"
  if [ $CODE = 0 ]; then passed "$name" $((SECONDS - start)) "$log"; else failed "$name" $((SECONDS - start)) "$log"; fi
}
passed() { # NAME SECONDS LOG
  PASSED=$((PASSED + 1))
  record ok "$2" "$1$(counts "$3")"
}
failed() { # NAME SECONDS LOG
  FAILED=$((FAILED + 1))
  record FAILED "$2" "$1$(counts "$3")"
  printf -- '--- %s failed; the end of %s:\n' "$1" "$3" >&2
  tail -n 120 "$3" >&2 || true
  printf -- '---\n' >&2
}
none() { record none 0 "$1: nothing to run yet"; printf '    %-60s nothing to run yet\n' "$1" >&2; }
not_run() {
  FAILED=$((FAILED + 1))
  record FAILED 0 "$1: not run, $2"
  printf '    %-60s not run, %s\n' "$1" "$2" >&2
}

# How many tests a part had, from what cargo and Playwright say.
counts() {
  awk '/^test result:/ {passed += $4; failed += $6; any = 1}
       /^ +[0-9]+ passed/ {passed += $1; any = 1} /^ +[0-9]+ failed/ {failed += $1; any = 1}
       END {if (any) printf " (%d tests passed, %d failed)", passed, failed}' "$1" 2>/dev/null || true
}

summary() {
  local line
  printf '\nparts run:\n'
  for line in ${SUMMARY[@]+"${SUMMARY[@]}"}; do printf '  %s\n' "$line"; done
  printf 'in %s min %s s; logs and screenshots are in end2end/artefacts\n' $((SECONDS / 60)) $((SECONDS % 60))
  printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
}

# begin_run SETUP…: sets up what setup.sh knows by these names, and begins the cluster.
begin_run() {
  cd "$ROOT"
  rm -rf "$PARTS"
  mkdir -p "$STATE" "$PARTS"
  say "Set-up"
  STAGE="set-up"
  attached scripts/setup.sh "$@"
  begin_local_cluster
  say "Parts"
  STAGE="the rest"
}
stop_run() {
  stop_local_cluster
  rm -rf "$STATE"
  # Ended before its time: that is no success, whatever the parts say.
  [ -z "$STAGE" ] || not_run "$STAGE" "the run ended there"
  summary
}

# It came up in the background, while cargo was at work.
cluster_part() {
  local start=$SECONDS log=$PARTS/cluster.log code=0
  wait "$CLUSTER_JOB" || code=$?
  CLUSTER_JOB=""
  cp "$STATE/cluster.log" "$log"
  if [ $code = 0 ]; then
    CLUSTER_UP=yes
    passed cluster $((SECONDS - start)) "$log"
  else
    failed cluster $((SECONDS - start)) "$log"
  fi
}
