package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// In which form a client wants its answer, by the `Accept` header. Immutable.
///
/// @param version of `meta.k8s.io` for tables and partial objects
public record Negotiation(Shape shape, String version, boolean yaml) {

    /// What is made of the objects.
    public enum Shape {
        FULL,
        TABLE,
        PARTIAL
    }

    static final List<String> MEDIA_TYPES =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final Negotiation JSON = new Negotiation(Shape.FULL, "", false);

    private record Clause(String type, Map<String, String> parameters, double quality) {}

    /// Throws 406 when nothing of what is acceptable can be made.
    public static Negotiation of(String accept) {
        if (accept.isEmpty() || accept.equals("application/json") || accept.equals("*/*")) {
            return JSON;
        }
        for (var clause : clauses(accept)) {
            var answer = answer(clause);
            if (answer != null) {
                return answer;
            }
        }
        throw ApiException.notAcceptable(MEDIA_TYPES);
    }

    public boolean isFullJson() {
        return shape == Shape.FULL && !yaml;
    }

    public String contentType() {
        return yaml ? "application/yaml" : "application/json";
    }

    public String apiVersion() {
        return "meta.k8s.io/" + version;
    }

    private static Negotiation answer(Clause clause) {
        boolean yaml = clause.type.equals("application/yaml") || clause.type.equals("text/yaml");
        if (!yaml && !isJson(clause.type)) {
            return null;
        }
        var as = clause.parameters.getOrDefault("as", "");
        if (as.isEmpty()) {
            return new Negotiation(Shape.FULL, "", yaml);
        }
        var version = clause.parameters.getOrDefault("v", "");
        if (!clause.parameters.getOrDefault("g", "").equals("meta.k8s.io")
                || !version.equals("v1") && !version.equals("v1beta1")) {
            return null;
        }
        return switch (as) {
            case "Table" -> new Negotiation(Shape.TABLE, version, yaml);
            case "PartialObjectMetadata", "PartialObjectMetadataList" -> new Negotiation(Shape.PARTIAL, version, yaml);
            default -> null;
        };
    }

    private static boolean isJson(String type) {
        return type.equals("application/json") || type.equals("application/*") || type.equals("*/*");
    }

    private static List<Clause> clauses(String accept) {
        var clauses = new ArrayList<Clause>();
        for (var text : accept.split(",")) {
            var parts = text.split(";");
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
