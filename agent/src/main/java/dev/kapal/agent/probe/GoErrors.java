package dev.kapal.agent.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;

/// Failures of connections in the words that people know from upstream's events. Pure.
final class GoErrors {
    private GoErrors() {}

    /// A connection that was not made.
    static String dial(String host, int port, IOException failure) {
        var address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        return "dial tcp " + address + ": " + reason(failure);
    }

    private static String reason(IOException failure) {
        var message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return switch (failure) {
            case SocketTimeoutException timeout -> "i/o timeout";
            case UnknownHostException unknown -> "lookup " + failure.getMessage() + ": no such host";
            case NoRouteToHostException noRoute -> "connect: no route to host";
            case ConnectException refused when message.contains("refused") -> "connect: connection refused";
            case ConnectException timedOut when message.contains("timed out") -> "i/o timeout";
            default -> "connect: " + message;
        };
    }

    /// A connection that broke after it was made.
    static String broken(IOException failure) {
        return switch (failure) {
            case EOFException end -> "EOF";
            case SocketTimeoutException timeout ->
                "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
            default -> {
                var message = String.valueOf(failure.getMessage());
                yield message.contains("reset") ? "read: connection reset by peer" : message;
            }
        };
    }
}
