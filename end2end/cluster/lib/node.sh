# shellcheck shell=bash disable=SC2153,SC2164
# Sourced by cluster.sh: the node as a set of namespaces and cgroups, and processes inside it.
# Uses NAME, STATE and KUBE_TOOLS. Nothing here knows Kubernetes.

NETNS=qs-$NAME
CGROUP=qs-$NAME

# --- the node's own network: a veth pair on a free 10.99.N.0/30 -----------------------------------

create_network() {
  local n link=""
  ip netns add "$NETNS"
  # Making the device is the reservation: of two clusters that start at once only one gets the number.
  for n in $(seq 1 250); do
    if ip link add "qsv$n" type veth peer name eth0 netns "$NETNS" 2>/dev/null; then link=qsv$n; break; fi
  done
  [ -n "$link" ] || die "no free network between 10.99.1.0 and 10.99.250.0: stop a cluster first"
  NODE_IP=10.99.$n.2
  ip addr add "10.99.$n.1/30" dev "$link"
  ip link set "$link" up
  ip -n "$NETNS" link set lo up
  ip -n "$NETNS" addr add "$NODE_IP/30" dev eth0
  ip -n "$NETNS" link set eth0 up
  ip -n "$NETNS" route add default via "10.99.$n.1"
}

# The host's end is found by the node's end, so that it works without any state.
host_link() {
  local index
  index=$(ip -n "$NETNS" -o link show eth0 2>/dev/null | sed -n 's/.*eth0@if\([0-9]*\):.*/\1/p')
  [ -z "$index" ] || ip -o link | sed -n "s/^$index: \([^@:]*\).*/\1/p"
}

remove_network() {
  local link
  link=$(host_link)
  [ -z "$link" ] || ip link del "$link" 2>/dev/null || true
  [ ! -e "/run/netns/$NETNS" ] || ip netns del "$NETNS"
}

# --- the node's own cgroups -----------------------------------------------------------------------

# Every hierarchy: those of cgroup v1, that of v2, or both on a machine that mixes them.
cgroup_roots() { awk '{for (i = 7; i <= NF; i++) if ($i == "-") if ($(i + 1) ~ /^cgroup2?$/) print $5}' /proc/self/mountinfo; }

create_cgroups() {
  local root
  for root in $(cgroup_roots); do
    mkdir -p "$root/$CGROUP"
    if [ -e "$root/cgroup.controllers" ]; then
      delegate_controllers "$root"
    elif [ -e "$root/cpuset.cpus" ]; then
      # A new cpuset is empty, and nothing can run in it.
      cat "$root/cpuset.cpus" >"$root/$CGROUP/cpuset.cpus"
      cat "$root/cpuset.mems" >"$root/$CGROUP/cpuset.mems"
    fi
  done
}

# Version 2: processes live in leaves only, so that the node's own go to a group beside the pods'.
delegate_controllers() {
  local controllers
  controllers=$(sed 's/\([a-z]\{1,\}\)/+\1/g' "$1/cgroup.controllers")
  mkdir -p "$1/$CGROUP/system"
  [ -n "$controllers" ] || return 0
  echo "$controllers" >"$1/cgroup.subtree_control"
  echo "$controllers" >"$1/$CGROUP/cgroup.subtree_control"
}

# Puts the calling subshell into the node's cgroups.
join_cgroups() {
  local root group
  for root in $(cgroup_roots); do
    group=$root/$CGROUP
    [ ! -d "$group/system" ] || group=$group/system
    echo "$BASHPID" >"$group/cgroup.procs"
  done
}

remove_cgroups() {
  local root
  for root in $(cgroup_roots); do
    [ ! -d "$root/$CGROUP" ] || find "$root/$CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}
cgroups_left() { local root; for root in $(cgroup_roots); do [ ! -d "$root/$CGROUP" ] || return 0; done; return 1; }

# --- process 1 and what runs under it -------------------------------------------------------------

start_init() {
  (
    join_cgroups
    close_lock
    exec setsid nsenter --net="/run/netns/$NETNS" unshare --mount --propagation slave --pid --fork --kill-child --mount-proc \
      bash "$HERE/lib/init.sh" "$STATE" "$KUBE_TOOLS/bin" </dev/null >"$STATE/log/init.log" 2>&1
  ) &
  INIT_JOB=$!
  wait_for "the node's namespaces" init test -e "$STATE/run/init.ready"
  INIT=$(init_pid)
}

# The host's number of process 1: the one in the node's network that is first in a namespace below ours.
init_pid() {
  local pid
  for pid in $(ip netns pids "$NETNS" 2>/dev/null); do
    if [ "$(awk '/^NSpid:/ {print NF - 1, $NF}' "/proc/$pid/status" 2>/dev/null)" = "2 1" ]; then
      echo "$pid"
      return
    fi
  done
  return 1
}

# The state folder of the running node with this name: another checkout's cluster is not ours to stop.
init_state() { tr '\0' '\n' <"/proc/$1/cmdline" | tail -n 2 | head -n 1; }

in_node() {
  INIT=${INIT:-$(init_pid)} || die "cluster $NAME is not running"
  nsenter -t "$INIT" -n -m -p -- "$@"
}

# daemon NAME command…: runs in the node until it is stopped; log/NAME.log, run/NAME.pid.
daemon() {
  local name=$1
  shift
  (
    join_cgroups
    close_lock
    # shellcheck disable=SC2016
    in_node sh -c 'name=$1; shift; setsid "$@" </dev/null >>"/run/node/log/$name.log" 2>&1 & echo $! >"/run/node/run/$name.pid"' sh "$name" "$@"
  )
}

daemon_alive() {
  if [ "$1" = init ]; then
    kill -0 "$INIT_JOB" 2>/dev/null
  else
    [ ! -e "$STATE/run/$1.pid" ] || in_node kill -0 "$(cat "$STATE/run/$1.pid")" 2>/dev/null
  fi
}

# stop_daemon NAME: asks, and insists after five seconds.
stop_daemon() {
  local pid end=$((SECONDS + 5))
  [ -e "$STATE/run/$1.pid" ] || return 0
  pid=$(cat "$STATE/run/$1.pid")
  in_node kill "$pid" 2>/dev/null || true
  while in_node kill -0 "$pid" 2>/dev/null; do
    [ $SECONDS -lt $end ] || in_node kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$STATE/run/$1.pid"
}

# wait_for "what" LOG command…: polls until the command succeeds; tells what the log says when the
# deadline passes or the process behind the log has ended.
wait_for() {
  local what=$1 log=$2 end=$((SECONDS + ${QS_CLUSTER_TIMEOUT:-180}))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! daemon_alive "$log"; then give_up "$what: $log ended" "$log"; fi
    if [ $SECONDS -ge $end ]; then give_up "$what: not there after ${QS_CLUSTER_TIMEOUT:-180} s" "$log"; fi
    sleep 0.2
  done
}

give_up() {
  printf '\n--- the end of %s/log/%s.log\n' "$STATE" "$2" >&2
  tail -n 25 "$STATE/log/$2.log" >&2 2>/dev/null || true
  printf -- '---\n' >&2
  die "cluster $NAME did not start. $1. The log's end is above; 'cluster.sh down --name $NAME' cleans up."
}

# remove_node: processes, network, cgroups and state, whatever there is of them.
remove_node() {
  local pid end=$((SECONDS + 30))
  INIT=""
  while [ $SECONDS -lt $end ]; do
    # Process 1 takes all others of its namespace with it; what is left is on the way into it.
    for pid in $(ip netns pids "$NETNS" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
    remove_cgroups
    cgroups_left || [ -n "$(ip netns pids "$NETNS" 2>/dev/null)" ] || break
    sleep 0.1
  done
  remove_network
  ! cgroups_left || die "cluster $NAME: its cgroups under /sys/fs/cgroup/*/$CGROUP cannot be removed; something still runs in them"
  find "$STATE" -mindepth 1 -delete 2>/dev/null || true
}
