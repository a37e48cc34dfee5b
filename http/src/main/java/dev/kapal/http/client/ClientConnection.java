package dev.kapal.http.client;

import dev.kapal.http.Duplex;
import dev.kapal.http.Headers;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/// One connection for one request, or for one after the other as long as the answers say that it goes on. Used by one
/// thread at a time; any thread may close it, which ends whatever blocks.
public final class ClientConnection implements AutoCloseable {
    private static final int BUFFER = 32 * 1024;

    private final Socket socket;
    private final InputStream input;
    private final OutputStream output;

    private ClientConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream(), BUFFER);
        this.output = socket.getOutputStream();
    }

    /// Connects, with the TLS handshake if there is one. Certificates are checked by the target's context; whose they
    /// are is for the caller to check.
    public static ClientConnection open(Target target, Duration limit) throws IOException {
        var plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(new InetSocketAddress(target.host(), target.port()), (int) limit.toMillis());
            if (target.tls().isEmpty()) {
                return new ClientConnection(plain);
            }
            plain.setSoTimeout((int) limit.toMillis());
            var secure = (SSLSocket)
                    target.tls().get().getSocketFactory().createSocket(plain, target.host(), target.port(), true);
            secure.startHandshake();
            plain.setSoTimeout(0);
            return new ClientConnection(secure);
        } catch (IOException | RuntimeException failure) {
            plain.close();
            throw failure;
        }
    }

    /// As [#open(Target, Duration)], and the certificate must be one of `serverName`.
    public static ClientConnection open(Target target, String serverName, Duration limit) throws IOException {
        var plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.connect(new InetSocketAddress(target.host(), target.port()), (int) limit.toMillis());
            plain.setSoTimeout((int) limit.toMillis());
            if (target.tls().isEmpty()) {
                return new ClientConnection(plain);
            }
            var secure = (SSLSocket)
                    target.tls().get().getSocketFactory().createSocket(plain, serverName, target.port(), true);
            var parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return new ClientConnection(secure);
        } catch (IOException | RuntimeException failure) {
            plain.close();
            throw failure;
        }
    }

    /// From now on reads take as long as they take: for answers that are silent for long.
    public void waitForever() throws IOException {
        socket.setSoTimeout(0);
    }

    /// From now on a read fails when nothing comes for `limit`.
    public void giveUpAfter(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
    }

    /// The server's certificate; empty in clear text.
    public Optional<X509Certificate> peerCertificate() throws IOException {
        return socket instanceof SSLSocket secure
                ? Optional.of((X509Certificate) secure.getSession().getPeerCertificates()[0])
                : Optional.empty();
    }

    /// The head of an answer, and its body as it arrives. After a 101 there is no body: see [#upgraded()].
    ///
    /// @param goesOn whether there may be another request on this connection once the body is read
    public record Answer(int status, Headers headers, InputStream body, boolean goesOn) {}

    /// Sends a request and waits for the head of the answer.
    ///
    /// @param target path and query
    /// @param headers all of them, `Host` too; what frames the body is added
    /// @param body sent until its end
    /// @param length of the body; -1 when it is not known; 0 for no body
    public Answer send(String method, String target, Headers headers, InputStream body, long length)
            throws IOException {
        var head =
                new StringBuilder(512).append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (length < 0) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (length > 0 || method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        output.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        sendBody(body, length);
        return ResponseReader.read(input, method);
    }

    /// A server may refuse and close before it has read all: then its answer counts, not our broken pipe.
    private void sendBody(InputStream body, long length) throws IOException {
        try {
            if (length < 0) {
                Chunks.send(body, output);
            } else if (length > 0) {
                body.transferTo(output);
            }
            output.flush();
        } catch (IOException broken) {
            if (input.available() == 0) {
                throw broken;
            }
        }
    }

    /// The raw connection after the server has answered 101.
    public Duplex upgraded() {
        return new Duplex() {
            @Override
            public InputStream input() {
                return input;
            }

            @Override
            public OutputStream output() {
                return output;
            }

            @Override
            public void close() {
                ClientConnection.this.close();
            }
        };
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            return;
        }
    }
}
