package dev.kapal.apiserver.proxy;

import dev.kapal.http.Request;

/// A proxy request's path in two parts, still percent-encoded. Immutable.
///
/// @param prefix `/api/v1/namespaces/default/pods/web/proxy`
/// @param rest what is passed on: empty, or beginning with a slash
record ProxyPath(String prefix, String rest) {
    private static final String MARK = "/proxy";

    static ProxyPath of(Request request) {
        String path = request.rawPath();
        // The name before the mark cannot hold a slash, so the first mark after it is the right one.
        int name = path.indexOf('/', path.startsWith("/api/v1/namespaces/") ? "/api/v1/namespaces/".length() : 8);
        int at = path.indexOf(MARK, Math.max(0, name));
        while (at >= 0 && at + MARK.length() < path.length() && path.charAt(at + MARK.length()) != '/') {
            at = path.indexOf(MARK, at + 1);
        }
        if (at < 0) {
            return new ProxyPath(path, "");
        }
        return new ProxyPath(path.substring(0, at + MARK.length()), path.substring(at + MARK.length()));
    }
}
