package dev.kapal.apiserver.proxy;

import dev.kapal.http.client.Target;
import java.net.URI;
import java.net.URISyntaxException;

/// Turns a backend's redirect to itself into one through the proxy. Pure.
final class Redirects {
    private Redirects() {}

    /// Redirects to elsewhere stay as they are.
    ///
    /// @param requestHost the `Host` that the backend was called with, which it takes for its own
    static String rewritten(String location, String prefix, Target target, String requestHost) {
        URI uri;
        try {
            uri = new URI(location);
        } catch (URISyntaxException notAnAddress) {
            return location;
        }
        boolean relative = uri.getRawPath() != null
                && uri.getHost() == null
                && !uri.getRawPath().startsWith("/");
        boolean elsewhere = uri.getRawAuthority() != null
                && !uri.getRawAuthority().equals(target.authority())
                && !uri.getRawAuthority().equals(target.host())
                && !uri.getRawAuthority().equals(requestHost);
        if (relative || elsewhere || uri.isOpaque()) {
            return location;
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        boolean through = path.startsWith(prefix); // the backend knows where it is
        return (through ? "" : prefix)
                + path
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
                + (uri.getRawFragment() == null ? "" : "#" + uri.getRawFragment());
    }
}
