package dev.kapal.agent.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// Success is a connection.
record TcpCheck(String host, int port) implements Check {
    @Override
    public Outcome ask(Duration timeout) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) Math.max(1, timeout.toMillis()));
            return new Outcome.Success();
        } catch (IOException failure) {
            return new Outcome.Failure(GoErrors.dial(host, port, failure));
        }
    }
}
