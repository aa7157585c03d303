# shellcheck shell=bash disable=SC2153,SC2164
# Sourced by cluster.sh: certificates, configuration and the processes of a one-node Kubernetes.
# Everything runs in the node (lib/node.sh), where the state folder is /run/node.

NODE_NAME=node-1
SERVICE_NETWORK=10.96.0.0/16
POD_NETWORK=10.244.0.0/16
DNS_SERVICE=10.96.0.10

# The registry's name as nodes know it, and its only account. It serves no one but this machine's tests.
REGISTRY=registry.local:5000
REGISTRY_USER=team
REGISTRY_PASSWORD=only-for-tests

# --- certificates ---------------------------------------------------------------------------------

certificate() { # FILE COMMON_NAME ORGANISATION [SUBJECT_ALT_NAMES]
  local subject="/CN=$2" extensions="extendedKeyUsage=clientAuth,serverAuth"
  [ -z "$3" ] || subject="/O=$3$subject"
  [ -z "${4:-}" ] || extensions="$extensions"$'\n'"subjectAltName=$4"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$subject" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" -days 3650 -extfile <(echo "$extensions") 2>/dev/null
}

kubeconfig() { # CERTIFICATE SERVER
  cat <<YAML
apiVersion: v1
kind: Config
clusters: [{name: quayside-$NAME, cluster: {server: "$2", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}}]
contexts: [{name: quayside-$NAME, context: {cluster: quayside-$NAME, user: $1}}]
current-context: quayside-$NAME
YAML
}

write_certificates() (
  cd "$STATE/pki"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -days 3650 -subj "/CN=quayside-$NAME" 2>/dev/null
  openssl genrsa -out sa.key 2048 2>/dev/null
  openssl rsa -in sa.key -pubout -out sa.pub 2>/dev/null
  certificate apiserver kube-apiserver "" "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:10.96.0.1,IP:$NODE_IP"
  certificate apiserver-kubelet kube-apiserver-kubelet system:masters
  certificate front-proxy front-proxy ""
  certificate kubelet "system:node:$NODE_NAME" system:nodes "DNS:$NODE_NAME,IP:$NODE_IP,IP:127.0.0.1"
  certificate controller-manager system:kube-controller-manager ""
  certificate scheduler system:kube-scheduler ""
  certificate proxy system:kube-proxy ""
  certificate admin quayside-admin system:masters
  local user
  for user in controller-manager scheduler proxy kubelet; do
    kubeconfig "$user" https://127.0.0.1:6443 >"$STATE/etc/$user.kubeconfig"
  done
  kubeconfig admin "https://$NODE_IP:6443" >"$STATE/kubeconfig"
  chmod 600 "$STATE/kubeconfig"
)

# --- configuration --------------------------------------------------------------------------------

write_configuration() {
  local name
  printf '127.0.0.1 localhost %s\n%s registry.local\n' "$NODE_NAME" "$NODE_IP" >"$STATE/etc/hosts"
  # Nothing answers there: a name that is not in the cluster fails at once instead of after a timeout.
  echo "nameserver 127.0.0.1" >"$STATE/etc/resolv.conf"

  cat >"$STATE/etc/containerd.toml" <<TOML
version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/node/run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/local/pause:1"
  # Without CAP_SYS_RESOURCE no score below the parent's can be set, and no sandbox would start.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/run/node/etc/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/run/node/etc/registries"
TOML
  for name in "$REGISTRY" "$NODE_IP:5000"; do
    mkdir -p "$STATE/etc/registries/$name"
    printf 'server = "http://%s"\n[host."http://%s"]\n  capabilities = ["pull", "resolve"]\n' "$name" "$name" >"$STATE/etc/registries/$name/hosts.toml"
  done

  mkdir -p "$STATE/etc/cni"
  cat >"$STATE/etc/cni/10-pods.conflist" <<JSON
{"cniVersion": "1.0.0", "name": "pods", "plugins": [
  {"type": "bridge", "bridge": "pods0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": "$POD_NETWORK"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
JSON

  cat >"$STATE/etc/kubelet.yaml" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /run/node/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: /run/node/pki/kubelet.crt
tlsPrivateKeyFile: /run/node/pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
failSwapOn: false
containerRuntimeEndpoint: unix:///run/node/run/containerd.sock
clusterDNS: [$DNS_SERVICE]
clusterDomain: cluster.local
resolvConf: /run/node/etc/resolv.conf
containerLogMaxSize: 50Mi
serializeImagePulls: false
maxPods: 250
evictionHard: {memory.available: "100Mi", nodefs.available: "1%", imagefs.available: "1%"}
imageGCHighThresholdPercent: 100
YAML

  htpasswd -Bbn -C 4 "$REGISTRY_USER" "$REGISTRY_PASSWORD" >"$STATE/etc/registry.htpasswd"
  cat >"$STATE/etc/registry.yaml" <<YAML
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}
http: {addr: "0.0.0.0:5000", secret: only-for-tests}
auth: {htpasswd: {realm: registry, path: /run/node/etc/registry.htpasswd}}
YAML
}

# --- processes ------------------------------------------------------------------------------------

kube() { kubectl --kubeconfig "$STATE/kubeconfig" "$@"; }

start_etcd() {
  daemon etcd /run/tools/etcd --data-dir /var/lib/etcd --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
}

# Who asked for what, of the portal's service account only: so a test can tell what a portal in a pod asks for.
write_audit_policy() {
  cat >"$STATE/etc/audit.yaml" <<YAML
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- {level: Metadata, userGroups: ["system:serviceaccounts:quayside"]}
- {level: None}
YAML
}

start_apiserver() {
  write_audit_policy
  local pki=/run/node/pki
  daemon apiserver /run/tools/kube-apiserver --etcd-servers http://127.0.0.1:2379 \
    --secure-port 6443 --bind-address 0.0.0.0 --advertise-address "$NODE_IP" --service-cluster-ip-range "$SERVICE_NETWORK" \
    --client-ca-file $pki/ca.crt --tls-cert-file $pki/apiserver.crt --tls-private-key-file $pki/apiserver.key \
    --service-account-key-file $pki/sa.pub --service-account-signing-key-file $pki/sa.key \
    --service-account-issuer https://kubernetes.default.svc --authorization-mode Node,RBAC --allow-privileged \
    --kubelet-client-certificate $pki/apiserver-kubelet.crt --kubelet-client-key $pki/apiserver-kubelet.key \
    --kubelet-preferred-address-types InternalIP --enable-aggregator-routing \
    --requestheader-client-ca-file $pki/ca.crt --requestheader-allowed-names front-proxy \
    --requestheader-username-headers X-Remote-User --requestheader-group-headers X-Remote-Group \
    --requestheader-extra-headers-prefix X-Remote-Extra- \
    --proxy-client-cert-file $pki/front-proxy.crt --proxy-client-key-file $pki/front-proxy.key \
    --audit-policy-file /run/node/etc/audit.yaml --audit-log-path /run/node/log/audit.log
}

apiserver_ready() {
  curl -sf --max-time 2 --cacert "$STATE/pki/ca.crt" --cert "$STATE/pki/admin.crt" --key "$STATE/pki/admin.key" "https://$NODE_IP:6443/readyz" -o /dev/null
}
wait_for_apiserver() { wait_for "the API server" apiserver apiserver_ready; }

start_containerd() { daemon containerd containerd --config /run/node/etc/containerd.toml; }

start_registry() { daemon registry docker-registry serve /run/node/etc/registry.yaml; }

registry_ready() { curl -sf --max-time 2 -u "$REGISTRY_USER:$REGISTRY_PASSWORD" "http://$NODE_IP:5000/v2/" -o /dev/null; }

start_controllers() {
  daemon controller-manager /run/tools/kube-controller-manager --kubeconfig /run/node/etc/controller-manager.kubeconfig \
    --leader-elect=false --use-service-account-credentials --service-account-private-key-file /run/node/pki/sa.key \
    --root-ca-file /run/node/pki/ca.crt --cluster-signing-cert-file /run/node/pki/ca.crt --cluster-signing-key-file /run/node/pki/ca.key \
    --allocate-node-cidrs=false --enable-hostpath-provisioner
  daemon scheduler /run/tools/kube-scheduler --kubeconfig /run/node/etc/scheduler.kubeconfig --leader-elect=false
}

start_node_agents() {
  daemon kubelet /run/tools/kubelet --config /run/node/etc/kubelet.yaml --kubeconfig /run/node/etc/kubelet.kubeconfig \
    --hostname-override "$NODE_NAME" --node-ip "$NODE_IP"
  daemon proxy /run/tools/kube-proxy --kubeconfig /run/node/etc/proxy.kubeconfig --hostname-override "$NODE_NAME" \
    --cluster-cidr "$POD_NETWORK" --conntrack-max-per-core 0
}

node_ready() { kube get node "$NODE_NAME" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -q True; }
addon_ready() { [ "$(kube -n kube-system get deployment "$1" -o 'jsonpath={.status.availableReplicas}')" = 1 ]; }
metrics_ready() { kube get --raw /apis/metrics.k8s.io/v1beta1/nodes | grep -q '"cpu"'; }
