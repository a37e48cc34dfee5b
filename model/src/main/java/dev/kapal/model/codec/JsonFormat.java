package dev.kapal.model.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// JSON from clients, in UTF-8 and nothing else. Bytes within texts that are no UTF-8 become U+FFFD, as upstream's
/// decoder has it. Any thread.
final class JsonFormat {
    private static final int ENCODING_SHOWS_WITHIN = 4;

    private JsonFormat() {}

    /// One value; throws [DecodeException] whose message is the bare syntax error.
    static JsonNode read(byte[] body, List<String> duplicates) {
        if (!startsAsUtf8(body)) {
            throw new DecodeException(JsonSyntax.error(body).orElseThrow());
        }
        try (var parser = Documents.FACTORY.createParser(body)) {
            return new JsonTree(parser, duplicates).read();
        } catch (StreamConstraintsException e) {
            throw new DecodeException(
                    e.getMessage().contains("nesting") ? "exceeded max depth" : e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            var error = JsonSyntax.error(body);
            if (error.isPresent()) {
                throw new DecodeException(error.get());
            }
            return readRepaired(body, duplicates, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The parser would guess UTF-16, UTF-32 or a byte order mark from these; no JSON in UTF-8 begins so.
    private static boolean startsAsUtf8(byte[] body) {
        for (int i = 0; i < Math.min(body.length, ENCODING_SHOWS_WITHIN); i++) {
            if (body[i] == 0 || i == 0 && body[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode readRepaired(byte[] body, List<String> duplicates, JsonProcessingException refusal) {
        byte[] repaired = new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        if (Arrays.equals(body, repaired)) {
            throw new DecodeException(refusal.getOriginalMessage());
        }
        duplicates.clear();
        return read(repaired, duplicates);
    }
}
