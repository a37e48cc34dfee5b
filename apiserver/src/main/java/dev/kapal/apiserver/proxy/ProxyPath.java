package dev.kapal.apiserver.proxy;

import dev.kapal.http.Request;

/// A proxy request's path in two parts, still percent-encoded. Immutable.
///
/// @param prefix `/api/v1/namespaces/default/pods/web/proxy`
/// @param rest what is passed on: empty, or beginning with a slash
record ProxyPath(String prefix, String rest) {
    private static final String NAMESPACED = "/api/v1/namespaces/";
    /// `api`, `v1`, `nodes`, NAME, `proxy`; two more with a namespace. Names themselves can be `proxy`.
    private static final int SEGMENTS = 5;

    static ProxyPath of(Request request) {
        String path = request.rawPath();
        int end = 0;
        for (int left = path.startsWith(NAMESPACED) ? SEGMENTS + 2 : SEGMENTS; left > 0 && end >= 0; left--) {
            end = path.indexOf('/', end + 1);
        }
        return end < 0 ? new ProxyPath(path, "") : new ProxyPath(path.substring(0, end), path.substring(end));
    }
}
