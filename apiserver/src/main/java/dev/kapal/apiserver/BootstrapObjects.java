package dev.kapal.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.strategy.cluster.SystemPriorities;
import dev.kapal.base.log.Log;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Creates what every cluster has, and keeps the server's own Service pointing at it. Runs once at each start; goes
/// through the API like anybody else.
final class BootstrapObjects {
    private static final Log log = Log.of(BootstrapObjects.class);
    private static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public", "kube-node-lease");
    private static final String CORE = "/api/v1/namespaces";
    private static final String PRIORITIES = "/apis/scheduling.k8s.io/v1/priorityclasses";
    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

    private final InProcess server;
    private final Peer.Local myself = new Peer.Local("system:apiserver", List.of(User.MASTERS));
    private final String serviceAddress;
    private final String advertised;
    private final int port;

    private BootstrapObjects(InProcess server, String serviceAddress, String advertised, int port) {
        this.server = server;
        this.serviceAddress = serviceAddress;
        this.advertised = advertised;
        this.port = port;
    }

    /// @throws IOException when the server refuses what it must not refuse
    static void ensure(Handler handler, String serviceAddress, String advertised, int port)
            throws IOException, InterruptedException {
        try (var server = new InProcess(handler)) {
            new BootstrapObjects(server, serviceAddress, advertised, port).ensure();
        }
    }

    private void ensure() throws IOException, InterruptedException {
        for (var name : NAMESPACES) {
            ensure(CORE, named("v1", "Namespace", name), "");
        }
        for (var priority : SystemPriorities.documents()) {
            ensure(PRIORITIES, priority, "");
        }
        ensure(CORE + "/default/services", service(), "");
        if (InetAddress.getByName(advertised).isLoopbackAddress()) {
            log.warn("pods cannot reach the api server", "advertised", advertised);
            return; // the API allows no endpoint on the loopback
        }
        ensure(CORE + "/default/endpoints", endpoints(), "subsets");
        ensure(SLICES, slice(), "endpoints");
    }

    /// Creates `wanted` if it is missing; writes it anew when the part of it named `watched` differs.
    private void ensure(String collection, ObjectNode wanted, String watched) throws IOException, InterruptedException {
        String name = wanted.path("metadata").path("name").asText();
        var found = call("GET", collection + "/" + name, "");
        if (found.status() == 404) {
            expect(call("POST", collection, Documents.text(wanted)), name);
            return;
        }
        expect(found, name);
        if (!watched.isEmpty() && !isSame(found.document(), wanted, watched)) {
            expect(call("PUT", collection + "/" + name, Documents.text(wanted)), name);
        }
    }

    /// Ours leave out what the server fills in, so only what we say is compared.
    private static boolean isSame(ObjectNode found, ObjectNode wanted, String part) {
        return covers(found.path(part), wanted.path(part)) && covers(found.path("ports"), wanted.path("ports"));
    }

    private static boolean covers(JsonNode found, JsonNode wanted) {
        if (wanted.isObject()) {
            return wanted.properties().stream().allMatch(field -> covers(found.path(field.getKey()), field.getValue()));
        }
        if (wanted.isArray()) {
            boolean all = found.size() == wanted.size();
            for (int i = 0; all && i < wanted.size(); i++) {
                all = covers(found.path(i), wanted.path(i));
            }
            return all;
        }
        return wanted.isMissingNode() || wanted.asText().equals(found.asText());
    }

    private record Answer(int status, ObjectNode document) {}

    private Answer call(String method, String path, String body) throws IOException, InterruptedException {
        var headers = Headers.of("Content-Type", "application/json", "User-Agent", "kube-apiserver");
        var request = Request.local(method, path, headers, body.getBytes(StandardCharsets.UTF_8), myself);
        try (var answer = server.call(request)) {
            return new Answer(answer.status(), Documents.read(answer.body().readAllBytes()));
        }
    }

    private static void expect(Answer answer, String name) throws IOException {
        if (answer.status() >= 300) {
            throw new IOException("cannot set up " + name + ": "
                    + answer.document().path("message").asText());
        }
    }

    private static ObjectNode named(String apiVersion, String kind, String name) {
        var object = Documents.object();
        object.put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static ObjectNode labels(ObjectNode object) {
        return ((ObjectNode) object.get("metadata")).putObject("labels");
    }

    private ObjectNode service() {
        var service = named("v1", "Service", "kubernetes");
        labels(service).put("component", "apiserver").put("provider", "kubernetes");
        var spec = service.putObject("spec");
        spec.put("type", "ClusterIP").put("clusterIP", serviceAddress).put("sessionAffinity", "None");
        spec.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("protocol", "TCP")
                .put("port", 443)
                .put("targetPort", port);
        return service;
    }

    private ObjectNode endpoints() {
        var endpoints = named("v1", "Endpoints", "kubernetes");
        labels(endpoints).put("endpointslice.kubernetes.io/skip-mirror", "true");
        var subset = endpoints.putArray("subsets").addObject();
        subset.putArray("addresses").addObject().put("ip", advertised);
        port(subset.putArray("ports").addObject());
        return endpoints;
    }

    private ObjectNode slice() {
        var slice = named("discovery.k8s.io/v1", "EndpointSlice", "kubernetes");
        labels(slice).put("kubernetes.io/service-name", "kubernetes");
        slice.put("addressType", advertised.indexOf(':') < 0 ? "IPv4" : "IPv6");
        var endpoint = slice.putArray("endpoints").addObject();
        endpoint.putArray("addresses").add(advertised);
        endpoint.putObject("conditions").put("ready", true);
        port(slice.putArray("ports").addObject());
        return slice;
    }

    private void port(ObjectNode into) {
        into.put("name", "https").put("port", port).put("protocol", "TCP");
    }
}
