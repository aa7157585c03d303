#!/usr/bin/env bash
# Writes a container image of one layer, from scratch, as a docker-archive on stdout:
#   image.sh [--arch arm64] NAME:TAG ENTRYPOINT_JSON FILE[:PATH_IN_IMAGE]…
# A file without a path goes to /bin. With busybox inside, all its commands get their links.
# The same input gives the same bytes, so the digest is stable.
set -euo pipefail

ARCH=amd64
if [ "${1:-}" = --arch ]; then ARCH=$2; shift 2; fi
[ $# -ge 3 ] || { echo "usage: image.sh [--arch ARCH] NAME:TAG ENTRYPOINT_JSON FILE[:PATH]…" >&2; exit 2; }
REF=$1 ENTRYPOINT=$2
shift 2

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
TREE=$WORK/tree
mkdir -p "$TREE"/{bin,etc,tmp}
chmod 1777 "$TREE/tmp"
printf '%s\n' 'root:x:0:0:root:/:/bin/sh' 'nobody:x:65534:65534:nobody:/:/bin/sh' >"$TREE/etc/passwd"

for file; do
  source=${file%%:*} target=/bin/$(basename "${file%%:*}")
  case $file in *:*) target=${file#*:} ;; esac
  install -D -m 755 "$source" "$TREE$target"
done
if [ -e "$TREE/bin/busybox" ]; then
  for applet in $("$TREE/bin/busybox" --list); do
    [ -e "$TREE/bin/$applet" ] || ln -s busybox "$TREE/bin/$applet"
  done
fi

tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$TREE" -cf "$WORK/layer.tar" .
DIFF_ID=sha256:$(sha256sum "$WORK/layer.tar" | cut -d' ' -f1)
cat >"$WORK/config.json" <<JSON
{"architecture":"$ARCH","os":"linux","created":"1970-01-01T00:00:00Z",
 "config":{"Entrypoint":$ENTRYPOINT,"Env":["PATH=/bin"],"Labels":{"org.opencontainers.image.ref.name":"$REF"}},
 "rootfs":{"type":"layers","diff_ids":["$DIFF_ID"]},
 "history":[{"created":"1970-01-01T00:00:00Z"}]}
JSON
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$REF" >"$WORK/manifest.json"
tar -C "$WORK" -c manifest.json config.json layer.tar
