# shellcheck shell=bash disable=SC2153,SC2164
# Sourced by cluster.sh: the images that a cluster starts with, and how others get in.
# Nothing is pulled: they are made from static binaries on this machine and kept in the user's cache.

SAMPLE_REPOSITORY=apps/sample

images_key() { cat "$HERE/image.sh" "$HERE/lib/images.sh" "$HERE"/sample/* <(echo "$KUBE_TOOLS") | sha256sum | cut -c1-12; }
images_folder() { echo "$CACHE/images/$(images_key)"; }

build_sample() { # ARCH VERSION OUT
  (cd "$HERE/sample" && CGO_ENABLED=0 GOARCH=$1 go build -trimpath -ldflags "-s -w -X main.version=$2" -o "$3" .)
}

# One archive per image; the name of the file says what it is.
write_images() {
  local out=$1 work=$1.work
  rm -rf "$out" "$work"
  mkdir -p "$out" "$work"
  "$HERE/image.sh" docker.io/local/pause:1 '["/bin/busybox","sleep","infinity"]' "$(command -v busybox)" >"$out/pause.tar"
  "$HERE/image.sh" docker.io/local/busybox:1 '["/bin/sh"]' "$(command -v busybox)" >"$out/busybox.tar"
  "$HERE/image.sh" docker.io/local/coredns:1 '["/bin/coredns"]' "$KUBE_TOOLS/bin/coredns" >"$out/coredns.tar"
  "$HERE/image.sh" docker.io/local/metrics-server:1 '["/bin/metrics-server"]' "$KUBE_TOOLS/bin/metrics-server" >"$out/metrics-server.tar"
  local version
  for version in 1 2; do
    build_sample amd64 "$version" "$work/sample"
    "$HERE/image.sh" "docker.io/local/sample:$version" '["/bin/sample"]' "$work/sample" >"$out/sample-$version.tar"
  done
  # A foreign image that says so (no match for the platform), and one that does not (exec format error).
  build_sample arm64 1 "$work/sample"
  "$HERE/image.sh" --arch arm64 docker.io/local/sample:arm64 '["/bin/sample"]' "$work/sample" >"$out/sample-arm64.tar"
  "$HERE/image.sh" docker.io/local/sample:mislabelled '["/bin/sample"]' "$work/sample" >"$out/sample-mislabelled.tar"
  rm -rf "$work"
}

ensure_images() {
  local folder
  folder=$(images_folder)
  [ -d "$folder" ] && return
  mkdir -p "$CACHE/images"
  # Another cluster may be doing the same: whoever is done first wins.
  step "building the sample images" write_images "$folder.$$"
  mv -T "$folder.$$" "$folder" 2>/dev/null || rm -rf "$folder.$$"
}

node_ctr() { in_node ctr -a /run/node/run/containerd.sock -n k8s.io "$@"; }

import_image() { node_ctr images import - >/dev/null; }

import_images() {
  local image
  for image in pause coredns metrics-server busybox sample-1 sample-2; do
    import_image <"$(images_folder)/$image.tar"
  done
  # "sample:1" in an object means this name.
  local tag
  for tag in 1 2; do
    node_ctr images tag "docker.io/local/sample:$tag" "docker.io/library/sample:$tag" >/dev/null
  done
}

push_archive() { # ARCHIVE REPOSITORY:TAG
  skopeo --insecure-policy copy --quiet --dest-tls-verify=false --dest-creds "$REGISTRY_USER:$REGISTRY_PASSWORD" \
    "docker-archive:$1" "docker://$NODE_IP:5000/$2"
}

# Nodes refuse an image for another platform only where a list of platforms says so; a plain manifest
# they would take on trust.
push_arm64_list() {
  local manifest url=http://$NODE_IP:5000/v2/$SAMPLE_REPOSITORY/manifests/arm64 account=$REGISTRY_USER:$REGISTRY_PASSWORD
  local type=application/vnd.docker.distribution.manifest
  manifest=$(mktemp)
  curl -sf -u "$account" -H "Accept: $type.v2+json" "$url" -o "$manifest"
  curl -sf -u "$account" -X PUT -H "Content-Type: $type.list.v2+json" "$url" --data @- <<JSON
{"schemaVersion": 2, "mediaType": "$type.list.v2+json", "manifests": [
  {"mediaType": "$type.v2+json", "size": $(stat -c %s "$manifest"), "digest": "sha256:$(sha256sum "$manifest" | cut -d' ' -f1)",
   "platform": {"architecture": "arm64", "os": "linux"}}]}
JSON
  rm -f "$manifest"
}

push_images() {
  local tag
  for tag in 1 2 arm64 mislabelled; do
    push_archive "$(images_folder)/sample-$tag.tar" "$SAMPLE_REPOSITORY:$tag"
  done
  push_arm64_list
}
