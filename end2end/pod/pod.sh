#!/usr/bin/env bash
# The portal as a pod of the test cluster, from the Dockerfile and the manifests that operators get.
#
#   pod.sh build PROGRAM SITE   the Dockerfile's final stage around what was compiled; brings it to the node
#   pod.sh up                   three teams, and deploy/namespaced.yaml for them; prints where the portal is
#   pod.sh down                 takes all of it away
#
# QS_CLUSTER is the command for the cluster, KUBECONFIG leads there. Nothing is kept on this machine.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$HERE/../../scripts/common.sh"

[ -n "${QS_CLUSTER:-}" ] && [ -n "${KUBECONFIG:-}" ] || die "pod.sh needs QS_CLUSTER and KUBECONFIG"
# What the image is called in the manifests; without a registry it means this name.
TAG=$(sed -n 's/^ *image: //p' "$ROOT/deploy/namespaced.yaml")
IMAGE=docker.io/library/$TAG
VOLUME=$(dirname "$KUBECONFIG")/tmp/quayside-pod

# --- the image ------------------------------------------------------------------------------------

# Most that may be in the image beside the program, and what there may be at all: no shell, no tools.
BESIDE_LIMIT=$((12 << 20))
CONTENTS="data lib lib64 quayside site"

build() {
  [ $# = 2 ] || die "usage: pod.sh build PROGRAM SITE"
  WORK=$(mktemp -d)
  at_exit clean
  "$ROOT/scripts/image-files.sh" "$1" "$2" "$WORK/files"
  buildah_here build --isolation chroot --build-context "build=$WORK/files" --target portal --tag "$IMAGE" "$ROOT" >"$WORK/log" 2>&1 ||
    { cat "$WORK/log" >&2; die "the image cannot be built"; }
  buildah_here push --quiet "$IMAGE" "docker-archive:$WORK/image.tar:$IMAGE" >/dev/null
  as_root chmod a+r "$WORK/image.tar"
  check
  $QS_CLUSTER load-image "$WORK/image.tar"
}

buildah_here() { as_root env TMPDIR="$WORK" buildah --root "$WORK/storage" --runroot "$WORK/run" --storage-driver vfs "$@"; }
clean() { as_root rm -rf "$WORK"; }

check() {
  local all program contents
  tar -xf "$WORK/image.tar" -C "$WORK" --wildcards --to-stdout '*.tar' | tar -tv --numeric-owner >"$WORK/list"
  contents=$(awk '{sub("/.*", "", $6); print $6}' "$WORK/list" | sort -u | xargs)
  [ "$contents" = "$CONTENTS" ] || die "the image holds $contents instead of $CONTENTS"
  awk '$6 == "data/" && $2 == "65532/65532" {found = 1} END {exit !found}' "$WORK/list" || die "/data in the image belongs to somebody else"
  all=$(awk '{sum += $3} END {print sum}' "$WORK/list")
  program=$(awk '$6 == "quayside" {print $3}' "$WORK/list")
  printf 'the image: %s, of which the program %s (a test build) and all else %s\n' \
    "$(numfmt --to=iec-i --suffix=B "$all")" "$(numfmt --to=iec-i --suffix=B "$program")" "$(numfmt --to=iec-i --suffix=B $((all - program)))"
  [ $((all - program)) -le $BESIDE_LIMIT ] || die "the image holds more than $(numfmt --to=iec-i --suffix=B $BESIDE_LIMIT) beside the program"
}

# --- the pod --------------------------------------------------------------------------------------

up() {
  at_exit give_up
  local url
  mkdir -p "$VOLUME"
  kubectl apply -f "$HERE/teams.yaml" -f "$HERE/volume.yaml" >&2
  kubectl wait pv/quayside-pod --for 'jsonpath={.status.phase}=Available' --timeout 30s >&2
  # What the operator's guide says: the list of namespaces, and a Role and RoleBinding in each. That of team-b is
  # without jobs at first, and team-c waits for its own.
  sed 's/value: team-a$/value: team-a,team-b,team-c/' "$ROOT/deploy/namespaced.yaml" | kubectl apply -f - >&2
  sed 's/team-a$/team-b/; /# jobs$/,/verbs/d' "$ROOT/deploy/namespace.yaml" | kubectl apply -f - >&2
  kubectl -n quayside patch service quayside --patch '{"spec": {"type": "NodePort"}}' >&2
  kubectl -n quayside rollout status deployment/quayside --timeout 90s >&2
  url=http://$($QS_CLUSTER env | sed -n 's/^NODE_IP=//p'):$(kubectl -n quayside get service quayside -o 'jsonpath={.spec.ports[0].nodePort}')
  curl -sf --retry 20 --retry-connrefused --retry-delay 1 "$url/healthy" -o /dev/null
  echo "$url"
}

give_up() {
  [ "$1" != 0 ] || return 0
  kubectl -n quayside describe pods >&2 || true
  kubectl -n quayside logs deployment/quayside --tail 40 >&2 || true
  down >&2 || true
}

down() {
  local namespaces="quayside team-a team-b team-c team-d" name
  kubectl delete clusterrole,clusterrolebinding quayside --ignore-not-found
  # A namespace whose pods are gone is gone at once; with pods in it, it takes many seconds.
  for name in $namespaces; do kubectl -n "$name" delete deployments --all --cascade=foreground --wait=false; done
  for name in $namespaces; do kubectl -n "$name" wait --for delete deployment --all --timeout 60s; done
  # shellcheck disable=SC2086
  kubectl delete namespace $namespaces --ignore-not-found --timeout 60s
  kubectl delete pv quayside-pod --ignore-not-found
  as_root rm -rf "$VOLUME"
  $QS_CLUSTER drop-image "$IMAGE"
}

COMMAND=${1:-}
shift || true
case $COMMAND in
  build | up | down) "$COMMAND" "$@" ;;
  *) die "usage: pod.sh build PROGRAM SITE | up | down" ;;
esac
