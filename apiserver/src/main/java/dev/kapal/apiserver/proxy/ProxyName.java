package dev.kapal.apiserver.proxy;

import dev.kapal.apiserver.api.ApiException;

/// The name in a proxy path: `web`, `web:http`, `https:web:443`. Immutable.
///
/// @param scheme empty means `http`
/// @param port number or name; may be empty
record ProxyName(String scheme, String name, String port) {

    /// Throws [ApiException] for what is none of the three forms.
    static ProxyName parse(String text, String kind) {
        String[] parts = text.split(":", -1);
        return switch (parts.length) {
            case 1 -> new ProxyName("", parts[0], "");
            case 2 -> new ProxyName("", parts[0], parts[1]);
            case 3 -> {
                if (!parts[0].equals("http") && !parts[0].equals("https") && !parts[0].isEmpty()) {
                    throw invalid(text, kind);
                }
                yield new ProxyName(parts[0], parts[1], parts[2]);
            }
            default -> throw invalid(text, kind);
        };
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    private static ApiException invalid(String text, String kind) {
        return ApiException.badRequest("invalid " + kind + " request \"" + text + "\"");
    }
}
