package dev.kapal.cel.library;

import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `url`, `isURL` and what a URL consists of. Source: Kubernetes CEL library, URL; a URL is absolute or a path.
final class Urls {
    static final OpaqueType URL = OpaqueType.create("kubernetes.URL");

    private Urls() {}

    record Url(URI uri) {}

    static FunctionSet functions() {
        return new FunctionSet()
                .global(
                        "url",
                        "string_to_url",
                        URL,
                        List.of(SimpleType.STRING),
                        args -> new Url(parse((String) args[0])))
                .global(
                        "isURL",
                        "is_url_string",
                        SimpleType.BOOL,
                        List.of(SimpleType.STRING),
                        args -> isUrl((String) args[0]))
                .member(
                        "getScheme",
                        "url_get_scheme",
                        SimpleType.STRING,
                        List.of(URL),
                        args -> orEmpty(uri(args).getScheme()))
                .member("getHost", "url_get_host", SimpleType.STRING, List.of(URL), args -> host(uri(args)))
                .member(
                        "getHostname",
                        "url_get_hostname",
                        SimpleType.STRING,
                        List.of(URL),
                        args -> hostname(host(uri(args))))
                .member("getPort", "url_get_port", SimpleType.STRING, List.of(URL), args -> port(host(uri(args))))
                .member(
                        "getEscapedPath",
                        "url_get_escaped_path",
                        SimpleType.STRING,
                        List.of(URL),
                        args -> orEmpty(uri(args).getRawPath()))
                .member(
                        "getQuery",
                        "url_get_query",
                        MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
                        List.of(URL),
                        args -> query(uri(args)));
    }

    private static URI uri(Object[] args) {
        return ((Url) args[0]).uri();
    }

    private static boolean isUrl(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException no) {
            return false;
        }
    }

    private static URI parse(String text) {
        try {
            var uri = new URI(text);
            if (text.isEmpty() || !uri.isAbsolute() && !text.startsWith("/") || uri.isOpaque() && text.isBlank()) {
                throw new IllegalArgumentException("URL parse error during conversion from string: parse \"" + text
                        + "\": invalid URI for request");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "URL parse error during conversion from string: parse \"" + text + "\": " + e.getReason());
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /// Host and port without the user.
    private static String host(URI uri) {
        var authority = orEmpty(uri.getRawAuthority());
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static String hostname(String host) {
        if (host.startsWith("[")) {
            return host.substring(1, host.indexOf(']'));
        }
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static String port(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || colon < host.lastIndexOf(']') ? "" : host.substring(colon + 1);
    }

    private static Map<String, List<String>> query(URI uri) {
        var values = new TreeMap<String, List<String>>();
        for (var pair : orEmpty(uri.getRawQuery()).split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                values.computeIfAbsent(decoded(name), _ -> new ArrayList<>())
                        .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
