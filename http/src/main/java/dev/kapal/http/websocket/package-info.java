/// WebSocket (RFC 6455) on upgraded connections, blocking. Start at [WebSocket].
package dev.kapal.http.websocket;
