#!/usr/bin/env bash
# Process 1 of a node. It runs in network, mount and process namespaces of its own, so that everything
# a node leaves about (mounts, sockets in /run, state in /var/lib, links in /var/log) is seen by nobody
# else, and killing this one process ends every process of the node, pods included.
#   init.sh STATE TOOLS
set -euo pipefail
STATE=$1 TOOLS=$2

# Other nodes' network namespaces are mounted here; holding copies would keep them alive.
umount -R -l /run/netns 2>/dev/null || true

# /run becomes private, with the state folder at /run/node: a short path, as unix sockets need it.
mount -t tmpfs -o mode=755 node /mnt
mkdir -p /mnt/{node,tools,lock}
mount --bind "$STATE" /mnt/node
mount --bind "$TOOLS" /mnt/tools
mount -n --move /mnt /run

mount --bind /run/node/var-lib /var/lib
mount --bind /run/node/tmp /tmp
mount -t tmpfs -o mode=755 logs /var/log
mount --bind /run/node/etc/hosts /etc/hosts
[ ! -e /etc/resolv.conf ] || mount --bind /run/node/etc/resolv.conf /etc/resolv.conf
# Volumes that the kubelet mounts have to be seen by containers that ask for mount propagation.
mount --make-rshared /

echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables 2>/dev/null || true

touch /run/node/run/init.ready
# Bash reaps the orphans (containerd's shims, daemons) while it waits.
while :; do
  sleep 86400 &
  wait $! || true
done
