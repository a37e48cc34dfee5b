package dev.kapal.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.edge.Acceptance;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Answers `/api`, `/apis` and what hangs below them down to the resource lists. Any thread. Documents are made
/// anew for
/// each request: clients ask once and keep them.
public final class Discovery {
    private static final List<String> AGGREGATED = List.of("v2", "v2beta1");

    private final ResourceRegistry registry;
    private final String serverAddress;
    private final Supplier<List<MoreVersion>> more;

    /// @param more what other servers serve through this one
    public Discovery(ResourceRegistry registry, String serverAddress, Supplier<List<MoreVersion>> more) {
        this.more = more;
        this.registry = registry;
        this.serverAddress = serverAddress;
    }

    /// The document under `path`, if there is one.
    public boolean serves(String path) {
        return document(path).isPresent();
    }

    public void handle(Call call) throws IOException {
        String path = trimmed(call.info().path());
        var version = path.equals("/api") || path.equals("/apis") ? wantedAggregate(call) : Optional.<String>empty();
        if (version.isPresent()) {
            aggregated(call, version.get(), path.equals("/api"));
            return;
        }
        Acceptance.requireJson(call.request());
        var document = document(path).orElseThrow().get();
        var response = Response.json(200, Documents.json(document));
        call.exchange().respond(path.lastIndexOf('/') == 0 ? response.with("Vary", "Accept") : response);
    }

    private Optional<Supplier<ObjectNode>> document(String path) {
        String[] parts = trimmed(path).substring(1).split("/", -1);
        if (parts[0].equals("api")) {
            return switch (parts.length) {
                case 1 -> Optional.of(() -> LegacyDocuments.versions(serverAddress));
                case 2 -> resources(new GroupVersion("", parts[1]));
                default -> Optional.empty();
            };
        }
        if (!parts[0].equals("apis")) {
            return Optional.empty();
        }
        return switch (parts.length) {
            case 1 -> Optional.of(() -> LegacyDocuments.groups(Groups.all(registry, more.get())));
            case 2 -> group(parts[1]);
            case 3 -> resources(new GroupVersion(parts[1], parts[2]));
            default -> Optional.empty();
        };
    }

    private Optional<Supplier<ObjectNode>> resources(GroupVersion version) {
        return registry.groupVersions().contains(version)
                ? Optional.of(() -> LegacyDocuments.resources(registry, version))
                : Optional.empty();
    }

    private Optional<Supplier<ObjectNode>> group(String name) {
        return Optional.of(name)
                .filter(some -> !some.isEmpty())
                .flatMap(some -> Groups.named(some, registry, more.get()))
                .map(group -> () -> LegacyDocuments.group(group));
    }

    private static String trimmed(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /// The version of the aggregated form that the client names before any other JSON:
    /// `application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`.
    private static Optional<String> wantedAggregate(Call call) {
        for (var clause : call.request().headers().tokens("Accept")) {
            String text = clause.replace(" ", "").toLowerCase(Locale.ROOT);
            if (!text.startsWith("application/json") && !text.startsWith("*/*")) {
                continue;
            }
            if (!text.contains(";as=apigroupdiscoverylist") || !text.contains(";g=apidiscovery.k8s.io")) {
                return Optional.empty();
            }
            var version = AGGREGATED.stream()
                    .filter(name -> (text + ";").contains(";v=" + name + ";"))
                    .findFirst();
            if (version.isPresent()) {
                return version;
            }
        }
        return Optional.empty();
    }

    private void aggregated(Call call, String version, boolean core) throws IOException {
        var groups = Groups.all(registry, more.get()).stream()
                .filter(group -> group.name().isEmpty() == core)
                .toList();
        byte[] body = Documents.json(AggregatedDocuments.groups(registry, version, groups));
        String tag = '"' + hash(body) + '"';
        var headers = Headers.builder().add("Etag", tag).add("Vary", "Accept").add("Cache-Control", "public");
        if (call.request().headers().tokens("If-None-Match").contains(tag)) {
            call.exchange().respond(new Response(304, headers.build(), List.of()));
            return;
        }
        headers.add(
                "Content-Type", "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList");
        call.exchange().respond(new Response(200, headers.build(), List.of(body)));
    }

    private static String hash(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(body);
            return HexFormat.of().withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
