/// A blocking HTTP/1.1 client for what the JDK's own cannot do: upgrades, and passing requests on exactly as they
/// came.
/// Start at [ClientConnection].
package dev.kapal.http.client;
