package dev.kapal.client;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// What to list and watch, and how to read one object of it. Immutable; any thread.
///
/// @param path the collection, `/api/v1/pods`
/// @param query further parameters, encoded, each with a leading `&`
/// @param listAccept the media type to ask for when listing
/// @param watchAccept the media type to ask for when watching
/// @param keyOf the key of an object
/// @param revisionOf the resourceVersion of an object
public record Source<T>(
        String path,
        String query,
        String listAccept,
        String watchAccept,
        Decoder<T> decoder,
        Function<? super T, Key> keyOf,
        ToLongFunction<? super T> revisionOf) {
    private static final String JSON = "application/json";

    /// Reads one object; the parser stands on its opening brace and is left on its closing one.
    @FunctionalInterface
    public interface Decoder<T> {
        T decode(JsonParser parser) throws IOException;
    }

    /// All objects of a typed kind, in all namespaces. Field ownership is dropped: nobody reads it from a cache.
    public static <T extends HasMetadata> Source<T> of(Class<T> type) {
        var reader = Json.mapper().readerFor(type);
        return new Source<>(
                Kind.of(type).everywhere(),
                "",
                JSON,
                JSON,
                parser -> {
                    T object = reader.readValue(parser);
                    object.getMetadata().setManagedFields(null);
                    return object;
                },
                Key::of,
                object -> revision(object.getMetadata().getResourceVersion()));
    }

    /// Only the objects of one namespace.
    public Source<T> in(String namespace) {
        int plural = path.lastIndexOf('/');
        String within = path.substring(0, plural) + "/namespaces/" + namespace + path.substring(plural);
        return new Source<>(within, query, listAccept, watchAccept, decoder, keyOf, revisionOf);
    }

    /// Only the objects that the server's field selector lets through.
    public Source<T> withFields(String fieldSelector) {
        return with("&fieldSelector=" + URLEncoder.encode(fieldSelector, StandardCharsets.UTF_8));
    }

    /// Only the objects that the label selector lets through.
    public Source<T> withLabels(String labelSelector) {
        return with("&labelSelector=" + URLEncoder.encode(labelSelector, StandardCharsets.UTF_8));
    }

    /// A resourceVersion as a number; 0 for none. Upstream's are comparable numbers too, and documented so since v1.35.
    public static long revision(String resourceVersion) {
        return resourceVersion == null || resourceVersion.isEmpty() ? 0 : Long.parseLong(resourceVersion);
    }

    private Source<T> with(String more) {
        return new Source<>(path, query + more, listAccept, watchAccept, decoder, keyOf, revisionOf);
    }
}
