package dev.kapal.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request. Immutable save for a body that is still on its way; one thread, the request's.
///
/// @param path percent-decoded
/// @param rawPath as it came, for what is passed on
/// @param rawQuery without the question mark; empty when there is none
/// @param content the body; empty when there is none
/// @param protocol `HTTP/1.1` or `HTTP/2.0`
public record Request(
        String method,
        String path,
        String rawPath,
        String rawQuery,
        Headers headers,
        Content content,
        Peer peer,
        String protocol) {

    private static final byte[] NO_BODY = new byte[0];

    /// @param target path and query as in a request line: `/api/v1/pods?limit=5`
    /// @throws IllegalArgumentException when the target is not a path with valid percent-encoding
    public static Request of(String method, String target, Headers headers, byte[] body, Peer peer, String protocol) {
        int question = target.indexOf('?');
        String rawPath = question < 0 ? target : target.substring(0, question);
        String rawQuery = question < 0 ? "" : target.substring(question + 1);
        if (!rawPath.startsWith("/")) {
            throw new IllegalArgumentException("the request target is not a path");
        }
        return new Request(
                method, Percent.decode(rawPath, false), rawPath, rawQuery, headers, Content.of(body), peer, protocol);
    }

    /// A request of a component in this process.
    public static Request local(String method, String target, Headers headers, byte[] body, Peer.Local peer) {
        return of(method, target, headers, body, peer, "HTTP/1.1");
    }

    /// A request without headers and body.
    public static Request get(String target, Peer peer) {
        return of("GET", target, Headers.NONE, NO_BODY, peer, "HTTP/1.1");
    }

    /// The whole body; see [Content#bytes()] for what it throws.
    public byte[] body() {
        return content.bytes();
    }

    /// The same request with another body.
    Request with(Content other) {
        return new Request(method, path, rawPath, rawQuery, headers, other, peer, protocol);
    }

    /// The path with its query, as it came.
    public String target() {
        return rawQuery.isEmpty() ? rawPath : rawPath + "?" + rawQuery;
    }

    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /// All values of one query parameter, in order.
    public List<String> query(String name) {
        return rawQuery.contains(name) || rawQuery.indexOf('%') >= 0
                ? queries().getOrDefault(name, List.of())
                : List.of();
    }

    /// The first value of one query parameter.
    public Optional<String> firstQuery(String name) {
        var values = query(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /// All query parameters in order. What is not properly encoded is left out, as Go's `url.Query` does.
    public Map<String, List<String>> queries() {
        var queries = new LinkedHashMap<String, List<String>>();
        for (var pair : rawQuery.split("&")) {
            if (pair.isEmpty() || pair.indexOf(';') >= 0) {
                continue;
            }
            int equals = pair.indexOf('=');
            try {
                String key = Percent.decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : Percent.decode(pair.substring(equals + 1), true);
                queries.computeIfAbsent(key, k -> new ArrayList<>(1)).add(value);
            } catch (IllegalArgumentException malformed) {
                continue;
            }
        }
        return queries;
    }

    /// Never shows the body or the query: both may hold secrets.
    @Override
    public String toString() {
        return method + " " + rawPath;
    }
}
