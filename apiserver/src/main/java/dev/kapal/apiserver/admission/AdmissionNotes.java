package dev.kapal.apiserver.admission;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Where plugins leave what they do not refuse but want to be known. Used by the thread of the request.
///
/// @param warning takes what the client should know; each becomes a `Warning` header
/// @param annotation takes key and value of an audit annotation
public record AdmissionNotes(Consumer<String> warning, BiConsumer<String, String> annotation) {
    /// Nobody listens.
    public static final AdmissionNotes NONE = new AdmissionNotes(text -> {}, (key, value) -> {});

    public void warn(String text) {
        warning.accept(text);
    }

    public void annotate(String key, String value) {
        annotation.accept(key, value);
    }
}
