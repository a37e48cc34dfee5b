/// Requests that the server passes on to a pod, a service or a node. Start at [Proxies].
package dev.kapal.apiserver.proxy;
