package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.defaults.Defaults;
import java.util.List;
import java.util.function.Supplier;

/// What to do about unknown and duplicate fields: the `fieldValidation` parameter.
enum FieldValidation {
    IGNORE,
    WARN,
    STRICT;

    static FieldValidation of(Call call) {
        var text = call.query().first("fieldValidation");
        return switch (text) {
            case "", "Warn" -> WARN;
            case "Ignore" -> IGNORE;
            case "Strict" -> STRICT;
            default -> throw new IllegalStateException(text + " should have been refused");
        };
    }

    /// Checks the fields of a document against its schema, prunes it and fills in defaults. Throws [DecodeException].
    ///
    /// @param findings the unknown and duplicate fields, asked for only when somebody wants to know
    void complete(Schema schema, ObjectNode document, Supplier<List<String>> findings, Warnings warnings) {
        FieldCheck.types(schema, document);
        if (this != IGNORE) {
            report(findings.get(), warnings);
        }
        FieldCheck.prune(schema, document);
        Defaults.apply(schema, document);
    }

    private void report(List<String> findings, Warnings warnings) {
        if (this == STRICT && !findings.isEmpty()) {
            throw new DecodeException(FieldCheck.strictError(findings));
        }
        findings.forEach(warnings::add);
    }
}
