package dev.kapal.apiserver.webhook;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.http.client.ClientConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Connections to one server between two calls: handshakes cost more than calls. Any thread. Those that nobody wants
/// for
/// [#PATIENCE] are closed, by a thread that ends when there are none left.
final class KeptConnections {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    /// More calls than these at once are rare; their connections are closed when they end.
    private static final int MOST = 16;

    private final Life life;
    private final Time time;
    /// The newest first; guarded by itself, like the next.
    private final Deque<Kept> kept = new ArrayDeque<>();

    private boolean watched;

    private record Kept(ServiceAddresses.Address address, ClientConnection connection, long since) {}

    KeptConnections(Life life, Time time) {
        this.life = life;
        this.time = time;
    }

    /// One to that address; the server may have closed it meanwhile.
    Optional<ClientConnection> take(ServiceAddresses.Address address) {
        synchronized (kept) {
            closeOld();
            var found =
                    kept.stream().filter(one -> one.address().equals(address)).findFirst();
            found.ifPresent(kept::remove);
            return found.map(Kept::connection);
        }
    }

    /// For the next call; its last answer is read.
    void keep(ServiceAddresses.Address address, ClientConnection connection) {
        synchronized (kept) {
            if (kept.size() >= MOST || life.isClosed()) {
                connection.close();
                return;
            }
            kept.push(new Kept(address, connection, time.nanos()));
            if (!watched) {
                watched = true;
                life.spawn("kept", this::watch);
            }
        }
    }

    private void watch() throws InterruptedException {
        try {
            while (isNeeded()) {
                time.sleep(PATIENCE);
            }
        } finally {
            closeAll();
        }
    }

    private boolean isNeeded() {
        synchronized (kept) {
            closeOld();
            watched = !kept.isEmpty();
            return watched;
        }
    }

    private void closeOld() {
        long now = time.nanos();
        while (!kept.isEmpty() && now - kept.peekLast().since() >= PATIENCE.toNanos()) {
            kept.pollLast().connection().close();
        }
    }

    /// At the end of the life; otherwise there are none any more.
    private void closeAll() {
        synchronized (kept) {
            if (life.isClosed()) {
                kept.forEach(one -> one.connection().close());
                kept.clear();
            }
        }
    }
}
