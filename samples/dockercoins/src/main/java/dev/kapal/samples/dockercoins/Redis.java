package dev.kapal.samples.dockercoins;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One connection to redis, just enough of its protocol (RESP 2) to send a command and read a number or a text. One
/// thread.
final class Redis implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Redis(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /// Connects to `host`, or `host:port`.
    static Redis connect(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        int port = colon < 0 ? 6379 : Integer.parseInt(address.substring(colon + 1));
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(5_000);
            socket.connect(new InetSocketAddress(host, port), 5_000);
            return new Redis(socket);
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /// Sends a command and answers with what redis says: a number or a text, empty for nil.
    String call(String... words) throws IOException {
        var command = new ByteArrayOutputStream();
        command.writeBytes(Web.text("*" + words.length + "\r\n"));
        for (String word : words) {
            byte[] bytes = Web.text(word);
            command.writeBytes(Web.text("$" + bytes.length + "\r\n"));
            command.writeBytes(bytes);
            command.writeBytes(Web.text("\r\n"));
        }
        out.write(command.toByteArray());
        out.flush();
        String line = line();
        return switch (line.charAt(0)) {
            case '+', ':' -> line.substring(1);
            case '$' -> bulk(Integer.parseInt(line.substring(1)));
            default -> throw new IOException("redis: " + line.substring(1));
        };
    }

    long number(String... words) throws IOException {
        String answer = call(words);
        return answer.isEmpty() ? 0 : Long.parseLong(answer);
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        in.skipNBytes("\r\n".length());
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\r'; b = in.read()) {
            if (b < 0) {
                throw new IOException("redis closed the connection");
            }
            line.write(b);
        }
        if (in.read() != '\n' || line.size() == 0) {
            throw new IOException("redis: broken answer");
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
