package dev.kapal.http;

import dev.kapal.base.log.Log;
import dev.kapal.base.log.SparseLog;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An exchange with a network peer. The handler's thread answers; the event loop reports that the client has gone.
///
///     waiting ──respond──► answered        both ends: `run` returns
///        └─stream/upgrade─► open ──close──► answered
final class ServerExchange implements Exchange {
    private static final Log log = Log.of(ServerExchange.class);

    private enum State {
        WAITING,
        OPEN,
        ANSWERED
    }

    /// An answer that is longer is sent by pieces, each when the client has taken one, so that who does not read keeps
    /// up this thread only.
    private static final int AT_ONCE = 64 * 1024;

    /// Large, because waiting for the event loop takes longer than sending: with a quarter of this a LIST of half a
    /// megabyte has a third of the throughput.
    private static final int PIECE = 1024 * 1024;

    private final Request request;
    private final Wire wire;
    private final InFlight inFlight;
    private final InFlight streams;
    private final Duration stalled;
    private final SparseLog peers;
    private final Outflow outflow = new Outflow();
    /// Touched by the handler's thread only, like the next.
    private State state = State.WAITING;
    /// Whether a closing server waits for this request.
    private boolean counted = true;
    /// Whether it counts among the streams.
    private boolean isStream;

    private AutoCloseable open;
    /// Guards the two below.
    private final Object lock = new Object();

    private List<Runnable> whenGone;
    private boolean gone;

    ServerExchange(Request request, Wire wire, Dispatch dispatch) {
        this.request = request;
        this.wire = wire;
        this.inFlight = dispatch.inFlight();
        this.streams = dispatch.streams();
        this.stalled = dispatch.config().limits().stalled();
        this.peers = dispatch.peers();
    }

    /// Runs the handler to its end and makes sure that there is an answer.
    void run(Handler handler) {
        try {
            handler.handle(this);
            if (state == State.WAITING) {
                failed(new IllegalStateException("the handler did not answer"));
            } else {
                closeOpen();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            abandon();
        } catch (Exception | Error failure) {
            failed(failure);
        } finally {
            if (request.content() instanceof ReceivedContent received) {
                received.close();
            }
            uncount();
            forgetActions();
        }
    }

    private void forgetActions() {
        synchronized (lock) {
            whenGone = null;
        }
    }

    /// Nobody will answer: breaks off.
    void abandon() {
        if (state != State.ANSWERED) {
            wire.abort();
        }
    }

    private void failed(Throwable failure) {
        boolean clientLeft = isGone() && failure instanceof IOException;
        boolean clientIsSlow = failure instanceof Outflow.StalledException
                || failure instanceof InterruptedIOException && state == State.OPEN;
        if (clientIsSlow) {
            peers.info("an answer was not taken", "peer", address(), "request", request);
        } else if (!clientLeft) {
            log.error("handling a request failed", failure, "request", request);
        }
        if (state == State.WAITING) {
            leave(State.ANSWERED);
            wire.whole(Response.text(500, "Internal Server Error\n"));
        } else if (state == State.OPEN) {
            state = State.ANSWERED;
            wire.abort();
        }
    }

    private Object address() {
        return request.peer() instanceof Peer.Tls tls ? tls.address() : "";
    }

    private void closeOpen() throws Exception {
        if (state != State.OPEN) {
            return;
        }
        state = State.ANSWERED;
        if (open == null) {
            wire.abort(); // a whole answer that was not taken
        } else {
            open.close();
        }
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public void respond(Response response) throws IOException {
        leave(State.ANSWERED);
        long length = response.length();
        if (length > AT_ONCE) {
            byPieces(response, length);
            return;
        }
        // To a client that has gone it says nothing, and nobody is hurt.
        wire.whole(isOfNoUse(response) ? response.with("Connection", "close") : response);
    }

    private void byPieces(Response response, long length) throws IOException {
        state = State.OPEN; // what fails now breaks off
        outflow.patience(stalled);
        var headers = response.headers();
        wire.head(
                response.status(),
                headers.has("Content-Length") ? headers : headers.with("Content-Length", Long.toString(length)));
        var pieces = new Pieces(response.body(), PIECE);
        while (pieces.hasNext()) {
            var piece = pieces.next();
            int count = piece.length();
            outflow.take(count);
            wire.data(piece.parts(), count, () -> outflow.giveBack(count));
        }
        wire.end();
        outflow.awaitEmpty();
        state = State.ANSWERED;
    }

    /// Whether the client's certificate was not taken: it may have another one by now, but shows it only in a new
    /// handshake.
    private boolean isOfNoUse(Response response) {
        return response.status() == 401
                && request.peer() instanceof Peer.Tls tls
                && !tls.chain().isEmpty();
    }

    @Override
    public Body stream(int status, Headers headers) throws IOException {
        if (isGone()) {
            throw new IOException("the client has gone");
        }
        leave(State.OPEN);
        wire.head(status, headers);
        var body = new StreamedBody(wire, outflow);
        open = body;
        return body;
    }

    @Override
    public Duplex upgrade(String protocol, Headers headers) throws IOException {
        var duplex = wire.upgrade(protocol, headers);
        leave(State.OPEN);
        open = duplex;
        return duplex;
    }

    @Override
    public void onDisconnect(Runnable action) {
        synchronized (lock) {
            if (!gone) {
                if (whenGone == null) {
                    whenGone = new ArrayList<>(2);
                }
                whenGone.add(action);
                return;
            }
        }
        action.run();
    }

    /// The client has gone. Called by the event loop.
    void disconnected() {
        List<Runnable> actions;
        synchronized (lock) {
            if (gone) {
                return;
            }
            gone = true;
            actions = whenGone == null ? List.of() : whenGone;
            whenGone = null;
        }
        outflow.peerGone();
        actions.forEach(Runnable::run);
    }

    private boolean isGone() {
        synchronized (lock) {
            return gone;
        }
    }

    private void leave(State next) {
        if (state != State.WAITING) {
            throw new IllegalStateException("answered twice: " + request);
        }
        state = next;
        // A whole answer counts until the handler returns, and with that until it is written; a stream counts among
        // those that may have no end.
        if (next != State.ANSWERED) {
            streams.begin();
            isStream = true;
            inFlight.end();
        }
    }

    private void uncount() {
        if (counted) {
            counted = false;
            (isStream ? streams : inFlight).end();
        }
    }
}
