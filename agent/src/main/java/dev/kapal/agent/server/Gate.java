package dev.kapal.agent.server;

import dev.kapal.client.delegated.Caller;
import dev.kapal.client.delegated.Reviews;
import dev.kapal.http.Request;
import java.util.List;
import java.util.Optional;

/// Who may ask the node's server for what. The API server may ask for everything: it has asked itself already. All
/// others
/// are known by a client certificate or a token, and need the right to the node's subresource that the path belongs to.
/// That certificates are genuine is the TLS handshake's part. Any thread.
///
/// Source: Kubernetes documentation, "Kubelet authentication/authorization".
final class Gate {
    private final String apiServer;
    private final String node;
    private final Optional<Reviews> reviews;

    /// @param reviews where to ask; empty lets nobody in but the API server
    Gate(String apiServer, String node, Optional<Reviews> reviews) {
        this.apiServer = apiServer;
        this.node = node;
        this.reviews = reviews;
    }

    /// @throws Refusal unless the request may go on
    void check(Request request) throws InterruptedException {
        var caller = caller(request).orElseThrow(() -> new Refusal(401, "Unauthorized"));
        if (caller.name().equals(apiServer)) {
            return;
        }
        var verb = verb(request.method());
        var subresources = subresources(request.path());
        for (var subresource : subresources) {
            if (reviews.isPresent() && reviews.get().allows(caller, verb, node, subresource)) {
                return;
            }
        }
        throw new Refusal(
                403,
                "Forbidden (user=%s, verb=%s, resource=nodes, subresource(s)=[%s])"
                        .formatted(caller.name(), verb, String.join(" ", subresources)));
    }

    private Optional<Caller> caller(Request request) throws InterruptedException {
        var known = Caller.ofConnection(request);
        if (known.isPresent()) {
            return known;
        }
        var token = Caller.token(request);
        return token.isPresent() && reviews.isPresent() ? reviews.get().caller(token.get()) : Optional.empty();
    }

    static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "get";
        };
    }

    /// Each of these is enough.
    static List<String> subresources(String path) {
        return switch (path.split("/", 3)[1]) {
            case "stats" -> List.of("stats");
            case "metrics" -> List.of("metrics");
            case "logs" -> List.of("log");
            case "checkpoint" -> List.of("checkpoint");
            case "pods", "runningpods" -> List.of("pods", "proxy");
            case "healthz" -> List.of("healthz", "proxy");
            case "configz" -> List.of("configz", "proxy");
            default -> List.of("proxy");
        };
    }
}
