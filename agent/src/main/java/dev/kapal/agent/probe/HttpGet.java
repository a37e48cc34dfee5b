package dev.kapal.agent.probe;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// One plain HTTP/1.1 GET on a connection of its own, as probes and hooks need it: any header may be set, any
/// certificate
/// is taken, nothing is kept. Blocks; closing happens before it returns.
///
/// Source: RFC 9112.
final class HttpGet {
    private static final int MOST_BODY = 10 * 1024;
    private static final int MOST_HEADER = 64 * 1024;

    record Answer(int status, String location, String body) {
        boolean isRedirect() {
            boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
            return redirects && !location.isEmpty();
        }
    }

    private HttpGet() {}

    /// The message of what it throws reads as Go's HTTP client words it.
    static Answer fetch(URI uri, List<Map.Entry<String, String>> headers, Duration timeout) throws IOException {
        boolean tls = "https".equals(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        var host = uri.getHost().startsWith("[")
                ? uri.getHost().substring(1, uri.getHost().length() - 1)
                : uri.getHost();
        int millis = (int) Math.max(1, timeout.toMillis());
        try (var plain = new Socket()) {
            connect(plain, host, port, millis);
            plain.setSoTimeout(millis);
            return exchange(tls ? secured(plain, host, port) : plain, uri, headers);
        }
    }

    private static void connect(Socket socket, String host, int port, int millis) throws IOException {
        try {
            socket.connect(new InetSocketAddress(host, port), millis);
        } catch (IOException failure) {
            throw new IOException(GoErrors.dial(host, port, failure), failure);
        }
    }

    private static Answer exchange(Socket socket, URI uri, List<Map.Entry<String, String>> headers) throws IOException {
        try {
            socket.getOutputStream().write(request(uri, headers).getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return answer(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException failure) {
            throw new IOException(GoErrors.broken(failure), failure);
        }
    }

    private static String request(URI uri, List<Map.Entry<String, String>> headers) {
        var path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        var out = new StringBuilder("GET " + path + query + " HTTP/1.1\r\n");
        if (lacks(headers, "Host")) {
            out.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
        }
        if (lacks(headers, "User-Agent")) {
            out.append("User-Agent: kube-probe/1.34\r\n");
        }
        if (lacks(headers, "Accept")) {
            out.append("Accept: */*\r\n");
        }
        for (var header : headers) {
            // an empty value takes a default header away
            if (!header.getValue().isEmpty()) {
                out.append(clean(header.getKey()))
                        .append(": ")
                        .append(clean(header.getValue()))
                        .append("\r\n");
            }
        }
        return out.append("Connection: close\r\n\r\n").toString();
    }

    private static boolean lacks(List<Map.Entry<String, String>> headers, String name) {
        return headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase(name));
    }

    private static String clean(String text) {
        return text.replace("\r", "").replace("\n", "");
    }

    private static Answer answer(InputStream in) throws IOException {
        while (true) {
            var statusLine = line(in);
            var parts = statusLine.split(" ", 3);
            if (parts.length < 2 || !parts[0].startsWith("HTTP/") || !parts[1].matches("\\d{3}")) {
                throw new IOException("net/http: HTTP/1.x transport connection broken: malformed HTTP response \""
                        + statusLine + "\"");
            }
            int status = Integer.parseInt(parts[1]);
            var location = location(in);
            if (status >= 200 || status == 101) {
                boolean redirect = status >= 300 && status < 400;
                return new Answer(status, location, redirect ? body(in) : "");
            }
        }
    }

    private static String location(InputStream in) throws IOException {
        var location = "";
        int budget = MOST_HEADER;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            budget -= header.length();
            if (budget < 0) {
                throw new IOException("net/http: server response headers exceeded " + MOST_HEADER + " bytes; aborted");
            }
            int colon = header.indexOf(':');
            if (colon > 0 && header.substring(0, colon).equalsIgnoreCase("Location")) {
                location = header.substring(colon + 1).strip();
            }
        }
        return location;
    }

    private static String line(InputStream in) throws IOException {
        var out = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || out.length() > MOST_HEADER) {
                throw new EOFException();
            }
            if (c != '\r') {
                out.append((char) c);
            }
        }
        return out.toString();
    }

    /// What is left of the stream, as far as it comes: it is for a message only.
    private static String body(InputStream in) {
        try {
            return new String(in.readNBytes(MOST_BODY), StandardCharsets.UTF_8);
        } catch (IOException cutOff) {
            return "";
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustAll()}, null);
            return context.getSocketFactory().createSocket(plain, host, port, true);
        } catch (GeneralSecurityException broken) {
            throw new IOException(broken);
        }
    }

    /// A probe asks whether the container answers, not who it is.
    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // every certificate is taken
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // every certificate is taken
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
