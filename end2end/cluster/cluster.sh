#!/usr/bin/env bash
# A real Kubernetes on this machine, in namespaces of its own; several may run beside each other.
#
#   cluster.sh up [--soon]      start it (nothing to do when it is up already); --soon does not wait for metrics
#   cluster.sh down             stop it and leave nothing behind
#   cluster.sh status           what runs; exit code 0 when the cluster is up
#   cluster.sh owner            the state folder of the running cluster of this name, which may be another clone's
#   cluster.sh kubeconfig       the path of the kubeconfig for this machine
#   cluster.sh env              addresses and the registry's account, as shell assignments
#   cluster.sh load-samples     the sample apps of samples.yaml
#   cluster.sh load-image FILE  a docker-archive ("-": stdin) into the node, as if it had been pulled
#   cluster.sh drop-image NAME  takes an image off the node
#   cluster.sh push-image FILE REPOSITORY:TAG    a docker-archive into the registry
#   cluster.sh kubectl …        kubectl with the right kubeconfig
#   cluster.sh kill-container ID    as kill -9 of its process
#   cluster.sh stop-apiserver | start-apiserver | restart-apiserver
#   cluster.sh stop-metrics-server | start-metrics-server
#
# Options, anywhere before the command's own arguments: --name NAME (default dev).
# State lives in ${QS_STATE:-.state}/cluster-NAME; logs are in its folder log/.
# The registry demands a password. Nodes know it as registry.local:5000, this machine as NODE_IP:5000.
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$HERE/../../scripts/common.sh"

usage() { sed -n '2,/^HERE=/{/^HERE=/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

NAME=dev COMMAND=""
while [ $# -gt 0 ]; do
  case $1 in
    --name) NAME=${2:?--name needs a name}; shift 2 ;;
    --name=*) NAME=${1#*=}; shift ;;
    -h | --help) usage ;;
    *)
      [ -z "$COMMAND" ] || break
      COMMAND=$1
      shift
      ;;
  esac
done
[[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] || die "a cluster's name has lower-case letters, digits and dashes only: $NAME"

STATE=${QS_STATE:-$ROOT/.state}/cluster-$NAME
case $STATE in /*) ;; *) STATE=$PWD/$STATE ;; esac

source "$HERE/lib/node.sh"
source "$HERE/lib/kubernetes.sh"
source "$HERE/lib/images.sh"

# --- one at a time --------------------------------------------------------------------------------

# The lock is the state folder itself, so that no lock file stays behind.
lock() {
  mkdir -p "$STATE"
  exec {LOCK}<"$STATE"
  flock -w 300 "$LOCK" || die "cluster $NAME is being started or stopped by someone else"
  if [ ! "$STATE" -ef "/proc/self/fd/$LOCK" ]; then close_lock; lock; fi
}
# Daemons must not inherit it: they would hold the lock for as long as they live.
close_lock() { [ -z "${LOCK:-}" ] || exec {LOCK}<&-; }

# --- commands -------------------------------------------------------------------------------------

# Reads what is known of the running cluster, or fails.
attach() {
  INIT=$(init_pid) || return 1
  [ "$(init_state "$INIT")" = "$STATE" ] ||
    die "a cluster named $NAME runs already, with its state in $(init_state "$INIT"): choose another name with --name"
  [ -e "$STATE/up" ] || return 1
  NODE_IP=$(cat "$STATE/node-ip")
}
need_cluster() { attach || die "cluster $NAME is not up: start it with 'cluster.sh up --name $NAME'"; }

healthy() { attach && apiserver_ready && registry_ready && node_ready; }

up() {
  lock
  if healthy; then
    say "cluster $NAME is up: $STATE/kubeconfig"
    return
  fi
  "$ROOT/scripts/setup.sh" cluster
  ensure_images
  at_exit abandon
  remove_node
  mkdir -p "$STATE"/{log,run,etc,pki,tmp,var-lib}
  chmod 1777 "$STATE/tmp"
  local start=$SECONDS soon=${1:-}
  start_control_plane
  start_workers
  start_addons
  [ "$soon" = --soon ] || wait_for_metrics
  touch "$STATE/up"
  at_exit true
  say "cluster $NAME is up after $((SECONDS - start)) s: $STATE/kubeconfig"
}

# An interrupted start leaves nothing; a failed one leaves its logs, until `down` or the next `up`.
abandon() {
  [ "$1" -lt 128 ] || { remove_node; rmdir "$STATE" 2>/dev/null || true; }
}

start_control_plane() {
  create_network
  create_cgroups
  write_certificates
  write_configuration
  echo "$NODE_IP" >"$STATE/node-ip"
  start_init
  start_etcd
  start_apiserver
  start_containerd
  start_registry
}

# Images go in while the API server starts.
start_workers() {
  wait_for containerd containerd in_node ctr -a /run/node/run/containerd.sock version
  import_images &
  local importing=$!
  wait_for_apiserver
  start_controllers
  start_node_agents
  wait "$importing" || give_up "importing the images" containerd
  wait_for "the registry" registry registry_ready
  push_images
}

start_addons() {
  kube apply -f "$HERE/addons.yaml" >/dev/null
  wait_for "the node" kubelet node_ready
  wait_for CoreDNS kubelet addon_ready coredns
}

# The first figures take ten seconds, whatever the machine.
wait_for_metrics() {
  wait_for metrics-server kubelet addon_ready metrics-server
  wait_for "the metrics API" apiserver metrics_ready
}

down() {
  local pid
  if pid=$(init_pid); then
    [ "$(init_state "$pid")" = "$STATE" ] || die "the running cluster $NAME has its state in $(init_state "$pid"): stop it with QS_STATE set to that folder's parent"
  fi
  lock
  remove_node
  rmdir "$STATE"
  rmdir "$(dirname "$STATE")" 2>/dev/null || true
  say "cluster $NAME is gone"
}

status() {
  if ! attach; then
    echo "cluster $NAME: down"
    return 1
  fi
  echo "cluster $NAME: $(healthy && echo up || echo not healthy)"
  echo "node       $NODE_IP"
  echo "kubeconfig $STATE/kubeconfig"
  echo "registry   $REGISTRY for nodes, $NODE_IP:5000 from here, account $REGISTRY_USER"
  local file name
  for file in "$STATE"/run/*.pid; do
    name=$(basename "$file" .pid)
    printf '%-20s %s\n' "$name" "$(daemon_alive "$name" && echo running || echo ended)"
  done
  healthy
}

environment() {
  need_cluster
  cat <<SH
KUBECONFIG=$STATE/kubeconfig
NODE_IP=$NODE_IP
REGISTRY=$REGISTRY
REGISTRY_FROM_HOST=$NODE_IP:5000
REGISTRY_USER=$REGISTRY_USER
REGISTRY_PASSWORD=$REGISTRY_PASSWORD
SH
}

load_samples() {
  need_cluster
  kube apply --server-side --force-conflicts -f "$HERE/samples.yaml"
}

load_image() {
  need_cluster
  [ $# = 1 ] || usage
  if [ "$1" = - ]; then import_image; else import_image <"$1"; fi
}

push_image() {
  need_cluster
  [ $# = 2 ] || usage
  push_archive "$1" "$2"
  echo "$REGISTRY/$2"
}

drop_image() {
  need_cluster
  [ $# = 1 ] || usage
  node_ctr images rm --sync "$1" >/dev/null
}

# Takes the ID as Kubernetes tells it, containerd://….
kill_container() {
  need_cluster
  [ $# = 1 ] || usage
  node_ctr tasks kill --signal SIGKILL "${1#containerd://}"
}

apiserver_start() {
  start_apiserver
  wait_for_apiserver
}

# Everything here needs the right to make namespaces; the user's own folders are kept.
if [ "$(id -u)" != 0 ] && [ "$COMMAND" != kubeconfig ] && [ -n "$COMMAND" ]; then
  command -v sudo >/dev/null || die "the local cluster needs root"
  exec sudo env HOME="$HOME" PATH="$PATH" XDG_CACHE_HOME="${XDG_CACHE_HOME:-}" QS_STATE="$(dirname "$STATE")" \
    "${BASH_SOURCE[0]}" --name "$NAME" "$COMMAND" "$@"
fi

case $COMMAND in
  up) up "$@" ;;
  down) down ;;
  status) status ;;
  owner) INIT=$(init_pid) && init_state "$INIT" ;;
  kubeconfig) echo "$STATE/kubeconfig" ;;
  env) environment ;;
  load-samples) load_samples ;;
  load-image) load_image "$@" ;;
  drop-image) drop_image "$@" ;;
  push-image) push_image "$@" ;;
  kill-container) kill_container "$@" ;;
  kubectl) need_cluster; kube "$@" ;;
  stop-apiserver) need_cluster; stop_daemon apiserver ;;
  start-apiserver) need_cluster; apiserver_start ;;
  restart-apiserver) need_cluster; stop_daemon apiserver; apiserver_start ;;
  stop-metrics-server) need_cluster; kube -n kube-system scale deployment metrics-server --replicas 0 ;;
  start-metrics-server)
    need_cluster
    kube -n kube-system scale deployment metrics-server --replicas 1
    wait_for_metrics
    ;;
  *) usage ;;
esac
