package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import java.nio.charset.StandardCharsets;

/// What a class tells its driver, in a bounded number of words.
final class Parameters {
    private static final int ENTRIES = 512;
    private static final int BYTES = 256 * 1024;

    private Parameters() {}

    static void check(String path, JsonNode parameters, boolean mayBeEmpty, Problems problems) {
        if (parameters.size() > ENTRIES) {
            problems.tooLong(path, ENTRIES);
            return;
        }
        if (parameters.isEmpty() && !mayBeEmpty) {
            problems.required(path, "must contain at least one key/value pair");
        }
        long size = 0;
        for (var parameter : parameters.properties()) {
            if (parameter.getKey().isEmpty()) {
                problems.invalid(path, parameter.getKey(), "field can not be empty.");
            }
            size += bytes(parameter.getKey()) + bytes(parameter.getValue().asText());
        }
        if (size > BYTES) {
            problems.tooLong(path, BYTES);
        }
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
