package dev.kapal.apiserver.streaming;

import dev.kapal.base.life.Life;
import dev.kapal.http.Duplex;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Carries raw bytes between two connections until one of them ends; then both are closed. Blocks the calling thread;
/// a second one carries the other direction.
public final class Tunnel {
    private static final int BUFFER = 32 * 1024;

    private Tunnel() {}

    public static void run(Duplex client, Duplex backend, Life life) {
        life.spawn("tunnel", () -> {
            try {
                copy(client.input(), backend.output());
            } finally {
                backend.close();
            }
        });
        try {
            copy(backend.input(), client.output());
        } finally {
            client.close();
            backend.close();
        }
    }

    /// An end that breaks off is an end.
    private static void copy(InputStream from, OutputStream to) {
        var buffer = new byte[BUFFER];
        try {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                to.write(buffer, 0, count);
                to.flush();
            }
        } catch (IOException end) {
            return;
        }
    }
}
