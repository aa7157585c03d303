#!/usr/bin/env bash
# `make faults`: what needs long. Kills in the middle of creations and of all other changes, full disks, logs that nobody reads, clocks that are set,
# memory after hostile objects, thousands of random cases, and a look by the fuzzers. Starts what it needs and stops it, as
# `make test` does. Each part's output is kept in end2end/artefacts/faults.
source "$(dirname "$0")/common.sh"
source "$ROOT/scripts/parts.sh" faults
PARTS=$ARTEFACTS/faults

# --- what the parts do ----------------------------------------------------------------------------

tests_build() { cargo test --workspace --exclude quayside-frontend --no-run; }
# One at a time: they measure, or have the machine's attention in other ways.
long() { cargo test -p quayside --test it -- --ignored --nocapture --test-threads 1 "long::$1::"; }
kills() { export QS_TEST_KUBECONFIG=$KUBECONFIG; long kills; }
changes() { export QS_TEST_KUBECONFIG=$KUBECONFIG; long changes; }
bad_days() { long bad_days; }
memory() { long memory; }
random_cases() { PROPTEST_CASES=2000 cargo test -p quayside-domain -p quayside-service; }
fuzzing() { env -u CARGO_TARGET_DIR FOR=10 scripts/fuzz.sh; }

# --- the run --------------------------------------------------------------------------------------

at_exit stop_run
begin_run rust cluster tests

part "tests build" tests_build
[ "$CODE" = 0 ] || exit 1
cluster_part
if [ -n "$CLUSTER_UP" ]; then
  part "kills in creations" kills
  part "kills in all changes" changes
else
  not_run "kills in creations" "there is no cluster"
  not_run "kills in all changes" "there is no cluster"
fi
stop_local_cluster
CLUSTER_STARTED=""
part "bad days" bad_days
part "memory" memory
part "random cases" random_cases
part "fuzzing" fuzzing

STAGE=""
[ $FAILED = 0 ]
