/// What the container runtime reads to connect a pod: the CNI configuration. One type, `CniConfig`.
package dev.kapal.network.cni;
