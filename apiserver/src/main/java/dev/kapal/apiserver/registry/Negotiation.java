package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.http.Request;
import dev.kapal.model.codec.CborFormat;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.protobuf.ProtobufEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// In which form a client wants its answer, by the `Accept` header. Immutable.
///
/// @param version of `meta.k8s.io` for tables and partial objects
/// @param pretty whether JSON is for people
public record Negotiation(Shape shape, String version, MediaType encoding, boolean pretty) {

    /// What is made of the objects.
    public enum Shape {
        FULL,
        TABLE,
        PARTIAL
    }

    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> WILDCARDS = Set.of("application/*", "*/*");
    static final List<String> MEDIA_TYPES =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final Negotiation JSON = new Negotiation(Shape.FULL, "", MediaType.JSON, false);
    private static final Negotiation PRETTY = new Negotiation(Shape.FULL, "", MediaType.JSON, true);

    private record Clause(String type, Map<String, String> parameters, double quality) {}

    /// Throws 406 when nothing of what is acceptable can be made.
    ///
    /// @param protobuf whether what is answered has a form in protobuf
    public static Negotiation of(Request request, boolean protobuf) {
        return of(request.header("Accept").orElse(""), protobuf, isForPeople(request));
    }

    static Negotiation of(String accept, boolean protobuf, boolean pretty) {
        if (accept.isEmpty() || accept.equals("application/json") || accept.equals("*/*")) {
            return pretty ? PRETTY : JSON;
        }
        for (var clause : clauses(accept)) {
            var answer = answer(clause, protobuf, pretty);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw ApiException.notAcceptable(protobuf ? MEDIA_TYPES : MEDIA_TYPES.subList(0, 2));
    }

    /// Browsers and command line programs get JSON to look at, unless the query says otherwise.
    private static boolean isForPeople(Request request) {
        var asked = request.firstQuery("pretty").orElse("");
        if (!asked.isEmpty()) {
            return TRUE.contains(asked);
        }
        var agent = request.header("User-Agent").orElse("");
        return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
    }

    /// The held bytes are the answer.
    public boolean isFullJson() {
        return shape == Shape.FULL && encoding == MediaType.JSON && !pretty;
    }

    /// A form that is kept beside the held bytes.
    boolean isFullBinary() {
        return shape == Shape.FULL && (encoding == MediaType.PROTOBUF || encoding == MediaType.CBOR);
    }

    public String contentType() {
        return encoding.value();
    }

    /// The bytes of a document that is of no resource's own kind.
    public byte[] encode(ObjectNode document) {
        return switch (encoding) {
            case JSON -> pretty ? Documents.pretty(document) : Documents.json(document);
            case YAML -> Documents.yaml(document);
            case PROTOBUF -> ProtobufEncoder.encode(document);
            case CBOR -> CborFormat.marked(CborFormat.write(document));
        };
    }

    public String apiVersion() {
        return "meta.k8s.io/" + version;
    }

    private static Optional<Negotiation> answer(Clause clause, boolean protobuf, boolean pretty) {
        var named = clause.type.endsWith("*") ? Optional.of(MediaType.JSON) : MediaType.of(clause.type);
        if (clause.type.isEmpty() || named.isEmpty() || clause.type.endsWith("*") && !WILDCARDS.contains(clause.type)) {
            return Optional.empty();
        }
        var encoding = named.get();
        return shape(clause)
                .filter(shape ->
                        encoding != MediaType.PROTOBUF || shape == Shape.PARTIAL || shape == Shape.FULL && protobuf)
                .map(shape -> new Negotiation(
                        shape,
                        shape == Shape.FULL ? "" : clause.parameters.get("v"),
                        encoding,
                        pretty && encoding == MediaType.JSON));
    }

    private static Optional<Shape> shape(Clause clause) {
        var as = clause.parameters.getOrDefault("as", "");
        if (as.isEmpty()) {
            return Optional.of(Shape.FULL);
        }
        var version = clause.parameters.getOrDefault("v", "");
        if (!clause.parameters.getOrDefault("g", "").equals("meta.k8s.io")
                || !version.equals("v1") && !version.equals("v1beta1")) {
            return Optional.empty();
        }
        return switch (as) {
            case "Table" -> Optional.of(Shape.TABLE);
            case "PartialObjectMetadata", "PartialObjectMetadataList" -> Optional.of(Shape.PARTIAL);
            default -> Optional.empty();
        };
    }

    private static List<Clause> clauses(String accept) {
        var clauses = new ArrayList<Clause>();
        for (var text : accept.split(",")) {
            var parts = text.split(";", -1);
            var parameters = new HashMap<String, String>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals > 0) {
                    parameters.put(
                            parts[i].substring(0, equals).strip(),
                            parts[i].substring(equals + 1).strip());
                }
            }
            clauses.add(new Clause(parts[0].strip().toLowerCase(Locale.ROOT), parameters, quality(parameters)));
        }
        clauses.sort(Comparator.comparingDouble(Clause::quality).reversed());
        return clauses;
    }

    private static double quality(Map<String, String> parameters) {
        try {
            return Double.parseDouble(parameters.getOrDefault("q", "1"));
        } catch (NumberFormatException malformed) {
            return 1;
        }
    }
}
