package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.http.Request;
import java.util.List;

/// What a client's `Accept` headers allow. Stateless. Source: RFC 9110, 12.5, as far as upstream follows it: the
/// order
/// of the client counts, quality values do not.
public final class Acceptance {
    private static final String JSON = "application/json";

    private Acceptance() {}

    /// Throws [ApiException] (406) when the client does not take JSON.
    public static void requireJson(Request request) {
        require(request, List.of(JSON));
    }

    /// The first of `offered` media types that the client takes, in the client's order.
    ///
    /// @param offered bare types such as `application/json`
    public static String require(Request request, List<String> offered) {
        var clauses = request.headers().tokens("Accept");
        if (clauses.isEmpty()) {
            return offered.getFirst();
        }
        for (var clause : clauses) {
            String type = bare(clause);
            for (var candidate : offered) {
                if (matches(type, candidate)) {
                    return candidate;
                }
            }
        }
        throw ApiException.notAcceptable(offered);
    }

    public static boolean acceptsGzip(Request request) {
        return request.headers().tokens("Accept-Encoding").stream()
                .anyMatch(token ->
                        bare(token).equals("gzip") && !token.replace(" ", "").endsWith("q=0"));
    }

    private static boolean matches(String wanted, String offered) {
        if (wanted.equals("*/*") || wanted.equals(offered)) {
            return true;
        }
        return wanted.endsWith("/*") && offered.startsWith(wanted.substring(0, wanted.length() - 1));
    }

    private static String bare(String clause) {
        int semicolon = clause.indexOf(';');
        return (semicolon < 0 ? clause : clause.substring(0, semicolon)).strip();
    }
}
