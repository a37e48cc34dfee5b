package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Sizes;

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
        long size = 0;
        for (var parameter : parameters.properties()) {
            if (parameter.getKey().isEmpty()) {
                problems.invalid(path, parameter.getKey(), "field can not be empty.");
            }
            size += Sizes.utf8(parameter.getKey())
                    + Sizes.utf8(parameter.getValue().asText());
        }
        if (size > BYTES) {
            problems.tooLong(path, BYTES);
        }
        if (parameters.isEmpty() && !mayBeEmpty) {
            problems.required(path, "must contain at least one key/value pair");
        }
    }
}
