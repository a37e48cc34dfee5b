package dev.kapal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// Two ends of a connection in memory.
public record Duplexes(Duplex left, Duplex right) {

    public static Duplexes pair() {
        var toRight = new Pipe(1 << 16);
        var toLeft = new Pipe(1 << 16);
        return new Duplexes(end(toLeft, toRight), end(toRight, toLeft));
    }

    private static Duplex end(Pipe from, Pipe to) {
        var input = from.input();
        return new Duplex() {
            @Override
            public InputStream input() {
                return input;
            }

            @Override
            public OutputStream output() {
                return new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        to.write(new byte[] {(byte) b});
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        to.write(Arrays.copyOfRange(bytes, offset, offset + length));
                    }
                };
            }

            @Override
            public void close() {
                to.close();
                from.abandon();
            }
        };
    }
}
