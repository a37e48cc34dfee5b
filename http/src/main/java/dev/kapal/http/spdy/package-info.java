/// SPDY/3.1 as Kubernetes' clients and container runtimes speak it on upgraded connections: streams in both
/// directions,
/// without flow control. Start at [SpdyConnection].
package dev.kapal.http.spdy;
