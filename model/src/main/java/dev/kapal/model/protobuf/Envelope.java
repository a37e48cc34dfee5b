package dev.kapal.model.protobuf;

import dev.kapal.model.codec.DecodeException;
import java.util.Arrays;

/// What stands around a message: four bytes that say what this is, then a `runtime.Unknown` that names the type of the
/// message. The encoding and content type that it could name, too, mean nothing to upstream.
///
/// @param message its bytes
record Envelope(String apiVersion, String kind, Wire message) {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    static Envelope open(byte[] body) {
        if (body.length == 0) {
            throw new DecodeException("empty data");
        }
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DecodeException(
                    "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }
        if (body.length == MAGIC.length) {
            throw new DecodeException("empty body");
        }
        return read(new Wire(Arrays.copyOfRange(body, MAGIC.length, body.length)));
    }

    private static Envelope read(Wire wire) {
        var type = new Envelope("", "", wire);
        var message = new Wire(new byte[0]);
        while (wire.hasMore()) {
            switch (wire.next()) {
                case 1 -> {
                    MessageReader.expect(Wire.BYTES, wire, "TypeMeta");
                    type = type(wire.block());
                }
                case 2 -> {
                    MessageReader.expect(Wire.BYTES, wire, "Raw");
                    message = wire.block();
                }
                default -> wire.skip();
            }
        }
        return new Envelope(type.apiVersion, type.kind, message);
    }

    private static Envelope type(Wire wire) {
        var apiVersion = "";
        var kind = "";
        while (wire.hasMore()) {
            int number = wire.next();
            if (number > 2) {
                wire.skip();
                continue;
            }
            MessageReader.expect(Wire.BYTES, wire, number == 1 ? "APIVersion" : "Kind");
            var text = wire.block().text();
            if (number == 1) {
                apiVersion = text;
            } else {
                kind = text;
            }
        }
        return new Envelope(apiVersion, kind, wire);
    }
}
