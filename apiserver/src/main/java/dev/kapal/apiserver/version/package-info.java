/// Which version of Kubernetes this is, and from what it was built. Start at [ServerVersion].
package dev.kapal.apiserver.version;
