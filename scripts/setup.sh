#!/usr/bin/env bash
# Installs what is missing, in the parts that are asked for: setup.sh [rust] [build] [cluster] [browser] [proxy] [tests]
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

# Debian 12 has no package of it.
rustup_itself() {
  as_root apt-get -o DPkg::Lock::Timeout=300 update -q >/dev/null
  if [ -n "$(apt-cache madison rustup)" ]; then packages rustup; else step "installing rustup $RUSTUP_VERSION" rustup_from_its_makers; fi
}

rustup_from_its_makers() {
  local tmp triple sum
  triple=$(uname -m)-unknown-linux-gnu
  case $triple in
    x86_64-*) sum=4acc9acc76d5079515b46346a485974457b5a79893cfb01112423c89aeb5aa10 ;;
    aarch64-*) sum=9732d6c5e2a098d3521fca8145d826ae0aaa067ef2385ead08e6feac88fa5792 ;;
    *) echo "There is no checksum of rustup for $triple here. Install rustup, then try again."; return 1 ;;
  esac
  tmp=$(mktemp -d)
  curl --proto '=https' --tlsv1.2 -sSfo "$tmp/rustup-init" "https://static.rust-lang.org/rustup/archive/$RUSTUP_VERSION/$triple/rustup-init"
  echo "$sum  $tmp/rustup-init" | sha256sum -c -
  chmod +x "$tmp/rustup-init"
  "$tmp/rustup-init" -y --quiet --no-modify-path --profile minimal --default-toolchain none
  rm -rf "$tmp"
}

rust_part() {
  packages build-essential pkg-config curl ca-certificates
  command -v rustup >/dev/null || rustup_itself
  rustup run "$RUST_VERSION" rustc --version >/dev/null 2>&1 && rustup +"$RUST_VERSION" target list --installed 2>/dev/null | grep -q wasm32-unknown-unknown ||
    step "installing Rust $RUST_VERSION with its wasm target" rustup toolchain install "$RUST_VERSION" --profile minimal -c rustfmt -c clippy -t wasm32-unknown-unknown --no-self-update
}

# The package where Tailwind's compiler runs on it, else Node from a package of its own.
node_itself() {
  command -v npm >/dev/null || packages nodejs npm
  [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ] || step "installing Node $NODE_VERSION" newer_node
}

newer_node() {
  local arch tmp
  arch=$(node -p process.arch)
  tmp=$(mktemp -d)
  npm install --prefix "$tmp" --no-save --no-audit --no-fund "node-linux-$arch@$NODE_VERSION"
  rm -rf "$NODE_TOOLS"
  mkdir -p "$(dirname "$NODE_TOOLS")"
  mv "$tmp/node_modules/node-linux-$arch" "$NODE_TOOLS"
  rm -rf "$tmp"
}

build_part() {
  rust_part
  packages openssl brotli
  node_itself
  # With the version of Node, because npm leaves out what that is too old for.
  local stamp
  stamp="$(node --version) $(sha256sum <package-lock.json)"
  if [ "$(cat node_modules/.quayside-lock 2>/dev/null)" != "$stamp" ]; then
    # npm ci refuses a lock without the other platforms' optional binaries; install follows the lock as well.
    step "installing npm packages" env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-save --no-audit --no-fund
    echo "$stamp" >node_modules/.quayside-lock
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

# The package where it is new enough for what is built with it; where it is not, it fetches its successor as a module,
# checked against the public checksum database, as Go 1.21 and later do by themselves.
go_itself() {
  command -v go >/dev/null || packages golang-go
  local have needed
  have=$(GOTOOLCHAIN=local go env GOVERSION)
  needed=go$(sed -n 's/^go //p' end2end/cluster/go.mod)
  [ "$(printf '%s\n' "$have" "$needed" | sort -V | head -n 1)" = "$needed" ] || step "installing Go $GO_VERSION" newer_go
}

newer_go() {
  local tmp version
  version=v0.0.1-go$GO_VERSION.linux-$(go env GOARCH)
  tmp=$(mktemp -d)
  (cd "$tmp" && GOTOOLCHAIN=local GOFLAGS=-modcacherw GOMODCACHE=$tmp go mod download "golang.org/toolchain@$version")
  # A module has no files that can be run.
  chmod -R +x "$tmp/golang.org/toolchain@$version"/{bin,pkg/tool}
  rm -rf "$GO_TOOLS"
  mkdir -p "$(dirname "$GO_TOOLS")"
  mv "$tmp/golang.org/toolchain@$version" "$GO_TOOLS"
  rm -rf "$tmp"
}

cluster_part() {
  packages containerd runc containernetworking-plugins iptables conntrack iproute2 procps busybox-static docker-registry apache2-utils skopeo openssl curl
  go_itself
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

# What unit tests need beside the compiler: another time of day for a process, and a disk of its own.
tests_part() { packages faketime util-linux; }

cd "$ROOT"
for part in "${@:-build}"; do
  case $part in
    rust | build | cluster | browser | proxy | tests) "${part}_part" ;;
    *) die "setup.sh knows the parts rust, build, cluster, browser, proxy and tests, not $part" ;;
  esac
done
