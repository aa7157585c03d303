#!/usr/bin/env bash
# Installs what is missing, in the parts that are asked for: setup.sh [build] [cluster] [browser] [proxy]
# Everything is pinned; a second run finds it all in place and takes under a second.
source "$(dirname "$0")/common.sh"

# Those of the named packages that are not installed.
apt_missing() {
  local have
  have=$(dpkg-query -W -f '${Package} ${Status}\n' "$@" 2>/dev/null | awk '/ok installed/ {print $1}' | sort || true)
  printf '%s\n' "$@" | sort | comm -23 - <(echo "$have")
}

packages() {
  local missing
  missing=$(apt_missing "$@")
  [ -n "$missing" ] || return 0
  # Sudo cannot ask for a password from within a step.
  [ "$(id -u)" = 0 ] || sudo -v
  step "reading Debian's package lists" as_root apt-get -o DPkg::Lock::Timeout=300 update -q
  # shellcheck disable=SC2086
  step "installing packages: $(echo $missing | cut -c1-38)…" as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends $missing
}

build_part() {
  packages build-essential pkg-config curl ca-certificates openssl brotli
  command -v rustup >/dev/null || packages rustup
  rustup run "$RUST_VERSION" rustc --version >/dev/null 2>&1 && rustup +"$RUST_VERSION" target list --installed 2>/dev/null | grep -q wasm32-unknown-unknown ||
    step "installing Rust $RUST_VERSION with its wasm target" rustup toolchain install "$RUST_VERSION" --profile minimal -c rustfmt -c clippy -t wasm32-unknown-unknown --no-self-update
  command -v npm >/dev/null || packages nodejs npm
  if ! cmp -s package-lock.json node_modules/.quayside-lock; then
    # npm ci refuses a lock without the other platforms' optional binaries; install follows the lock as well.
    step "installing npm packages" env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-save --no-audit --no-fund
    cp package-lock.json node_modules/.quayside-lock
  fi
  # As shipped, cargo-leptos builds with fat LTO for 38 minutes; these settings take six.
  [ -x "$LEPTOS_TOOLS/bin/cargo-leptos" ] || step "building cargo-leptos $CARGO_LEPTOS_VERSION (once, about 7 min)" \
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --locked "cargo-leptos@$CARGO_LEPTOS_VERSION" --no-default-features --features no_downloads --root "$LEPTOS_TOOLS"
  [ -x "$BINDGEN_TOOLS/bin/wasm-bindgen" ] || step "building wasm-bindgen $WASM_BINDGEN_VERSION (once, about 2 min)" \
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install "wasm-bindgen-cli@$WASM_BINDGEN_VERSION" --root "$BINDGEN_TOOLS"
}

# Clients choke on a server without a version, so it is linked in.
kubernetes_binaries() {
  local flags="-s -w" p
  for p in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags="$flags -X $p.gitVersion=$KUBERNETES_VERSION -X $p.gitMajor=1 -X $p.gitMinor=$(echo "$KUBERNETES_VERSION" | cut -d. -f2)"
  done
  local out=$1
  (cd "$ROOT/end2end/cluster" && CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags "$flags" -o "$out/" \
    k8s.io/kubernetes/cmd/{kube-apiserver,kube-controller-manager,kube-scheduler,kubelet,kube-proxy,kubectl} &&
    CGO_ENABLED=0 go build -mod=readonly -trimpath -ldflags "-s -w" -o "$out/etcd" go.etcd.io/etcd/server/v3)
}

cluster_part() {
  packages containerd runc containernetworking-plugins iptables conntrack iproute2 busybox-static docker-registry apache2-utils skopeo openssl curl
  command -v go >/dev/null || packages golang-go
  if [ ! -x "$KUBE_TOOLS/bin/coredns" ]; then
    local tmp=$KUBE_TOOLS.partial
    rm -rf "$tmp" && mkdir -p "$tmp"
    step "building Kubernetes $KUBERNETES_VERSION and etcd (once, about 5 min)" kubernetes_binaries "$tmp"
    step "building metrics-server $METRICS_SERVER_VERSION (once, about 90 s)" env CGO_ENABLED=0 GOBIN="$tmp" go install -ldflags "-s -w" "sigs.k8s.io/metrics-server/cmd/metrics-server@$METRICS_SERVER_VERSION"
    step "building CoreDNS $COREDNS_VERSION (once, about 80 s)" env CGO_ENABLED=0 GOBIN="$tmp" go install -ldflags "-s -w" "github.com/coredns/coredns@$COREDNS_VERSION"
    rm -rf "$KUBE_TOOLS"
    mkdir -p "$KUBE_TOOLS"
    mv "$tmp" "$KUBE_TOOLS/bin"
  fi
}

browser_part() {
  packages chromium nginx-light buildah fonts-liberation
}

proxy_part() { packages nginx-light; }

cd "$ROOT"
for part in "${@:-build}"; do
  case $part in
    build | cluster | browser | proxy) "${part}_part" ;;
    *) die "setup.sh knows the parts build, cluster, browser and proxy, not $part" ;;
  esac
done
