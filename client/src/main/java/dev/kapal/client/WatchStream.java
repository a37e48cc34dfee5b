package dev.kapal.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads the frames of a watch answer, one JSON object after another, as they arrive. Owned by one thread.
final class WatchStream<T> implements AutoCloseable {
    private final InputStream body;
    private final Source<T> source;
    /// Made when the first frame is asked for: making it reads from the stream, and blocks until something comes.
    private Optional<JsonParser> opened = Optional.empty();

    WatchStream(InputStream body, Source<T> source) {
        this.body = body;
        this.source = source;
    }

    sealed interface Frame<T> {
        record Put<T>(T object) implements Frame<T> {}

        record Gone<T>(T last) implements Frame<T> {}

        record Bookmark<T>(long revision) implements Frame<T> {}

        record Failed<T>(int code, String message) implements Frame<T> {}
    }

    /// Blocks for the next frame; empty when the server ended the watch.
    Optional<Frame<T>> next() throws IOException {
        if (opened.isEmpty()) {
            opened = Optional.of(Json.mapper().createParser(body));
        }
        var parser = opened.get();
        if (parser.nextToken() == null) {
            return Optional.empty();
        }
        String type = null;
        Frame<T> frame = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("type")) {
                type = parser.getText();
            } else if (field.equals("object") && type != null) {
                frame = frame(type, parser);
            } else if (field.equals("object")) {
                throw new IOException("a watch frame whose object comes before its type");
            } else {
                parser.skipChildren();
            }
        }
        if (frame == null) {
            throw new IOException("a watch frame without an object");
        }
        return Optional.of(frame);
    }

    private Frame<T> frame(String type, JsonParser object) throws IOException {
        return switch (type) {
            case "ADDED", "MODIFIED" -> new Frame.Put<>(source.decoder().decode(object));
            case "DELETED" -> new Frame.Gone<>(source.decoder().decode(object));
            case "BOOKMARK" -> {
                JsonNode mark = object.readValueAsTree();
                yield new Frame.Bookmark<>(Source.revision(
                        mark.path("metadata").path("resourceVersion").asText()));
            }
            case "ERROR" -> {
                JsonNode status = object.readValueAsTree();
                yield new Frame.Failed<>(
                        status.path("code").asInt(), status.path("message").asText());
            }
            default -> throw new IOException("a watch frame of unknown type " + type);
        };
    }

    @Override
    public void close() throws IOException {
        // Not parser.close(): it may be called from another thread to end a blocked read.
        body.close();
    }
}
