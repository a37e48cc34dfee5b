package dev.kapal.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// A list answer, read item by item from the stream.
record Listing<T>(List<T> items, long revision) {
    static <T> Listing<T> read(InputStream body, Source.Decoder<T> decoder) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("a list answer that is no JSON object");
            }
            List<T> items = new ArrayList<>();
            long revision = 0;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("metadata")) {
                    JsonNode metadata = parser.readValueAsTree();
                    revision = Source.revision(metadata.path("resourceVersion").asText());
                } else if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        items.add(decoder.decode(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
            return new Listing<>(items, revision);
        }
    }
}
