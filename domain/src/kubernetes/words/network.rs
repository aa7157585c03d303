//! Services and ports.

use super::words;

words! {
    /// How a service is reached (`spec.type`).
    ServiceType {
        /// From within the cluster.
        ClusterIp = "ClusterIP",
        /// Also on a port of every node.
        NodePort = "NodePort",
        /// Also at an address of a load balancer.
        LoadBalancer = "LoadBalancer",
        /// It is another name of something outside.
        ExternalName = "ExternalName",
    }
}

words! {
    /// The protocol of a port.
    Protocol {
        /// What is taken where none is written.
        Tcp = "TCP",
        /// Such as of DNS.
        Udp = "UDP",
        /// Such as of telephony.
        Sctp = "SCTP",
    }
}
