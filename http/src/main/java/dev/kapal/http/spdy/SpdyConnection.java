package dev.kapal.http.spdy;

import dev.kapal.base.life.Life;
import dev.kapal.http.Duplex;
import dev.kapal.http.Headers;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One end of a SPDY/3.1 connection. Any thread opens and uses streams; a thread of its own reads frames.
///
/// Window updates are neither sent nor obeyed, because the implementation that all of Kubernetes uses does neither: a
/// slow reader of one stream holds up the connection instead.
///
/// Source: SPDY Protocol, Draft 3.1.
public final class SpdyConnection implements AutoCloseable {
    /// The peer can have no more streams than this waiting to be accepted.
    private static final int MAX_WAITING = 256;

    private static final int PROTOCOL_ERROR = 1;
    private static final int REFUSED_STREAM = 3;

    private final Duplex duplex;
    private final boolean client;
    private final OutputStream output;
    private final HeaderBlocks blocks = new HeaderBlocks();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private final Map<Integer, Reply> replies = new ConcurrentHashMap<>();
    private final BlockingQueue<SpdyStream> accepted = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Life life = new Life("spdy");
    /// Orders frames on the wire; guards the compressor and the next stream's number.
    private final ReentrantLock sending = new ReentrantLock();

    private int next;
    private volatile boolean closed;

    private SpdyConnection(Duplex duplex, boolean client) {
        this.duplex = duplex;
        this.client = client;
        this.output = duplex.output();
        this.next = client ? 1 : 2;
    }

    /// The end that asked for the upgrade.
    public static SpdyConnection client(Duplex duplex) {
        return new SpdyConnection(duplex, true).started();
    }

    /// The end that granted it.
    public static SpdyConnection server(Duplex duplex) {
        return new SpdyConnection(duplex, false).started();
    }

    private SpdyConnection started() {
        life.start("reader", this::read);
        return this;
    }

    /// What the peer said to a stream that we opened.
    private static final class Reply {
        private final BlockingQueue<Boolean> answer = new LinkedBlockingQueue<>();
    }

    /// Opens a stream and waits until the peer has accepted it.
    ///
    /// @throws IOException when it refuses, takes longer than `limit`, or has gone
    public SpdyStream open(Headers headers, Duration limit) throws IOException, InterruptedException {
        SpdyStream stream;
        var reply = new Reply();
        sending.lock();
        try {
            if (closed) {
                throw new IOException("the connection is closed");
            }
            stream = new SpdyStream(this, next, headers);
            next += 2;
            streams.put(stream.id(), stream);
            replies.put(stream.id(), reply);
            byte[] block = blocks.compress(headers);
            var payload = new byte[10 + block.length];
            put(payload, 0, stream.id());
            System.arraycopy(block, 0, payload, 10, block.length);
            send(Frame.SYN_STREAM, 0, 0, payload, 0, payload.length);
        } finally {
            sending.unlock();
        }
        if (closed) {
            reply.answer.add(false); // it ended before it could know of this stream
        }
        var accepts = reply.answer.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        replies.remove(stream.id());
        if (accepts == null || !accepts) {
            streams.remove(stream.id());
            throw new IOException(accepts == null ? "the peer did not answer in time" : "the peer refused the stream");
        }
        return stream;
    }

    /// The next stream that the peer opened, already accepted; empty once the connection has ended.
    public Optional<SpdyStream> accept() throws InterruptedException {
        while (true) {
            var stream = accepted.poll(100, TimeUnit.MILLISECONDS);
            if (stream != null) {
                return Optional.of(stream);
            }
            if (closed) {
                return Optional.ofNullable(accepted.poll());
            }
        }
    }

    void sendData(int stream, byte[] bytes, int offset, int length, boolean last) throws IOException {
        sending.lock();
        try {
            send(Frame.DATA, stream, last ? Frame.FIN : 0, bytes, offset, length);
        } finally {
            sending.unlock();
        }
    }

    /// Both directions of the stream have ended.
    void forget(SpdyStream stream) {
        streams.remove(stream.id(), stream);
    }

    private void send(int type, int stream, int flags, byte[] payload, int offset, int length) throws IOException {
        var frame = new byte[Frame.HEAD_LENGTH + length];
        System.arraycopy(Frame.head(type, stream, flags, length), 0, frame, 0, Frame.HEAD_LENGTH);
        System.arraycopy(payload, offset, frame, Frame.HEAD_LENGTH, length);
        output.write(frame);
        output.flush();
    }

    private void sendControl(int type, byte[] payload) throws IOException {
        sending.lock();
        try {
            send(type, 0, 0, payload, 0, payload.length);
        } finally {
            sending.unlock();
        }
    }

    private void read() {
        IOException end = null;
        try {
            var input = new DataInputStream(new BufferedInputStream(duplex.input(), 32 * 1024));
            while (!closed) {
                take(Frame.read(input));
            }
        } catch (EOFException normal) {
            end = new IOException("the connection was closed");
        } catch (IOException broken) {
            end = broken;
        }
        ended(end == null ? new IOException("the connection was closed") : end);
    }

    private void take(Frame frame) throws IOException {
        switch (frame.type()) {
            case Frame.DATA -> data(frame);
            case Frame.SYN_STREAM -> opened(frame);
            case Frame.SYN_REPLY -> replied(frame);
            case Frame.RST_STREAM -> reset(frame.number(0));
            case Frame.HEADERS -> blocks.expand(frame.payload(), 4, frame.payload().length - 4);
            case Frame.PING -> ping(frame);
            default -> {} // SETTINGS, GOAWAY and WINDOW_UPDATE change nothing here
        }
    }

    private void data(Frame frame) {
        var stream = streams.get(frame.stream());
        if (stream == null) {
            return;
        }
        if (frame.payload().length > 0) {
            stream.received(frame.payload());
        }
        if (frame.isLast()) {
            stream.peerEnded();
        }
    }

    private void opened(Frame frame) throws IOException {
        int id = frame.number(0);
        if (frame.payload().length < 10) {
            throw new IOException("a SPDY frame is too short");
        }
        var headers = blocks.expand(frame.payload(), 10, frame.payload().length - 10);
        if (id % 2 == (client ? 1 : 0) || streams.containsKey(id)) {
            sendReset(id, PROTOCOL_ERROR);
            return;
        }
        var stream = new SpdyStream(this, id, headers);
        if (frame.isLast()) {
            stream.peerEnded();
        }
        if (accepted.remainingCapacity() == 0) {
            sendReset(id, REFUSED_STREAM);
            return;
        }
        streams.put(id, stream);
        sendReply(id);
        accepted.add(stream); // only now: what its owner writes must not overtake the reply
    }

    private void sendReply(int id) throws IOException {
        sending.lock();
        try {
            byte[] block = blocks.compress(Headers.NONE);
            var payload = new byte[4 + block.length];
            put(payload, 0, id);
            System.arraycopy(block, 0, payload, 4, block.length);
            send(Frame.SYN_REPLY, 0, 0, payload, 0, payload.length);
        } finally {
            sending.unlock();
        }
    }

    private void replied(Frame frame) throws IOException {
        int id = frame.number(0);
        blocks.expand(frame.payload(), 4, frame.payload().length - 4);
        var reply = replies.get(id);
        if (reply != null) {
            reply.answer.add(true);
        }
        var stream = streams.get(id);
        if (stream != null && frame.isLast()) {
            stream.peerEnded();
        }
    }

    private void reset(int id) {
        var reply = replies.get(id);
        if (reply != null) {
            reply.answer.add(false);
        }
        var stream = streams.remove(id);
        if (stream != null) {
            stream.broken(new IOException("the peer reset the stream"));
        }
    }

    /// Ours are never sent, so every ping is the peer's and goes back.
    private void ping(Frame frame) throws IOException {
        sendControl(Frame.PING, frame.payload());
    }

    private void sendReset(int id, int status) throws IOException {
        var payload = new byte[8];
        put(payload, 0, id);
        put(payload, 4, status);
        sendControl(Frame.RST_STREAM, payload);
    }

    private void ended(IOException cause) {
        closed = true;
        streams.values().forEach(stream -> stream.broken(cause));
        replies.values().forEach(reply -> reply.answer.add(false));
        duplex.close();
    }

    private static void put(byte[] into, int offset, int number) {
        into[offset] = (byte) (number >>> 24);
        into[offset + 1] = (byte) (number >>> 16);
        into[offset + 2] = (byte) (number >>> 8);
        into[offset + 3] = (byte) number;
    }

    /// Says goodbye and closes the connection and all streams.
    @Override
    public void close() {
        if (!closed) {
            try {
                sendControl(Frame.GOAWAY, new byte[8]);
            } catch (IOException alreadyBroken) {
                closed = true;
            }
        }
        ended(new IOException("the connection was closed"));
        life.close();
        sending.lock();
        try {
            blocks.close();
        } finally {
            sending.unlock();
        }
    }
}
