package dev.kapal.apiserver.streaming;

import dev.kapal.http.Headers;
import java.util.Locale;
import java.util.Set;

/// Which headers travel on from one connection to the next. Stateless.
public final class Passing {
    /// About one connection only (RFC 9110, 7.6.1).
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private Passing() {}

    /// All but those that are about one connection only.
    public static Headers endToEnd(Headers headers) {
        var named = headers.tokens("Connection").stream()
                .map(token -> token.toLowerCase(Locale.ROOT))
                .toList();
        var kept = Headers.builder();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(lower) && !named.contains(lower)) {
                kept.add(name, value);
            }
        });
        return kept.build();
    }

    /// As [#endToEnd], and the request for an upgrade with them.
    public static Headers withUpgrade(Headers headers) {
        var kept = endToEnd(headers).toBuilder().add("Connection", "Upgrade");
        headers.all("Upgrade").forEach(protocol -> kept.add("Upgrade", protocol));
        return kept.build();
    }

    /// Without what the client proved itself with: that is not for those behind us.
    public static Headers withoutCredentials(Headers headers) {
        var kept = headers.toBuilder().remove("Authorization").remove("Content-Length");
        for (var name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("impersonate-") || lower.startsWith("x-remote-")) {
                kept.remove(name);
            }
        }
        return kept.build();
    }
}
