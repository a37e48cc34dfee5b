package dev.kapal.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.edge.Acceptance;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.openapi.OpenApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Answers `/openapi/v2`, `/openapi/v3` and `/openapi/v3/apis/GROUP/VERSION`. Any thread. Nothing is made before the
/// first client asks.
public final class OpenApiPages {
    private static final String JSON = "application/json";
    private static final List<String> V2_PROTOBUF = List.of(
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
    private static final String V3 = "/openapi/v3/";

    private final OpenApi openApi;
    private final ResourceRegistry registry;
    private final Supplier<Map<String, ObjectNode>> more;
    private final Map<String, Tagged> tags = new ConcurrentHashMap<>();

    /// @param more entries of other servers for the index of v3
    public OpenApiPages(OpenApi openApi, ResourceRegistry registry, Supplier<Map<String, ObjectNode>> more) {
        this.more = more;
        this.openApi = openApi;
        this.registry = registry;
    }

    /// A document with the hash of its content, kept as long as the model hands out the same bytes.
    private record Tagged(byte[] body, String hash) {}

    public boolean serves(String path) {
        return path.equals("/openapi/v2")
                || path.equals("/openapi/v3")
                || groupVersion(path).isPresent();
    }

    public void handle(Call call) throws IOException {
        String path = call.info().path();
        if (path.equals("/openapi/v2")) {
            v2(call);
            return;
        }
        Acceptance.requireJson(call.request());
        if (path.equals("/openapi/v3")) {
            send(call, "v3", JSON, this::index, Headers.NONE);
            return;
        }
        v3(call, groupVersion(path).orElseThrow());
    }

    private byte[] index() {
        byte[] own = openApi.v3Index();
        var others = more.get();
        if (others.isEmpty()) {
            return own;
        }
        var index = Documents.read(own);
        var paths = index.withObject("/paths");
        others.forEach((path, entry) -> {
            if (!paths.has(path)) {
                paths.set(path, entry);
            }
        });
        return Documents.json(index);
    }

    private void v2(Call call) throws IOException {
        var offered = List.of(JSON, V2_PROTOBUF.get(0), V2_PROTOBUF.get(1));
        String type = Acceptance.require(call.request(), offered);
        if (type.equals(JSON)) {
            send(call, "v2", JSON, openApi::v2Json, Headers.NONE);
        } else {
            send(call, "v2.pb", V2_PROTOBUF.getFirst(), openApi::v2Protobuf, Headers.NONE);
        }
    }

    private void v3(Call call, GroupVersion version) throws IOException {
        var tagged = tagged(version.path(), () -> openApi.v3(version));
        var hash = call.request().firstQuery("hash").filter(text -> !text.isEmpty());
        if (hash.isPresent() && !hash.get().equals(tagged.hash())) {
            String target = V3 + version.path().substring(1) + "?hash=" + tagged.hash();
            call.exchange().respond(new Response(301, Headers.of("Location", target, "Content-Type", JSON), List.of()));
            return;
        }
        var caching = hash.isPresent() ? Headers.of("Cache-Control", "public, immutable") : Headers.NONE;
        send(call, version.path(), JSON, () -> openApi.v3(version), caching);
    }

    private void send(Call call, String key, String type, Supplier<byte[]> document, Headers caching)
            throws IOException {
        var tagged = tagged(key, document);
        String tag = '"' + tagged.hash() + '"';
        var headers = Headers.builder().add("Etag", tag).add("Vary", "Accept").addAll(caching);
        if (call.request().headers().tokens("If-None-Match").contains(tag)) {
            call.exchange().respond(new Response(304, headers.build(), List.of()));
            return;
        }
        headers.add("Content-Type", type);
        call.exchange().respond(new Response(200, headers.build(), List.of(tagged.body())));
    }

    private Tagged tagged(String key, Supplier<byte[]> document) {
        byte[] body = document.get();
        var known = tags.get(key);
        if (known == null || known.body() != body) {
            known = new Tagged(body, OpenApi.hash(body));
            tags.put(key, known);
        }
        return known;
    }

    /// `/openapi/v3/apis/apps/v1` → `apps/v1`; empty for what is not served.
    private Optional<GroupVersion> groupVersion(String path) {
        if (!path.startsWith(V3)) {
            return Optional.empty();
        }
        String wanted = path.substring(V3.length() - 1);
        return registry.groupVersions().stream()
                .filter(version -> version.path().equals(wanted))
                .findFirst();
    }
}
