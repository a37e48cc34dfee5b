package dev.kapal.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.OwnObjects;
import dev.kapal.apiserver.strategy.cluster.SystemPriorities;
import dev.kapal.base.log.Log;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Creates what every cluster has, and keeps the server's own Service pointing at it. Runs once at each start.
final class BootstrapObjects {
    private static final Log log = Log.of(BootstrapObjects.class);
    private static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public", "kube-node-lease");
    private static final GroupVersion CORE = GroupVersion.parse("v1");
    private static final GroupVersionResource PRIORITIES =
            new GroupVersionResource("scheduling.k8s.io", "v1", "priorityclasses");
    private static final GroupVersionResource SLICES =
            new GroupVersionResource("discovery.k8s.io", "v1", "endpointslices");

    private final OwnObjects objects;
    private final String serviceAddress;
    private final String advertised;
    private final int port;

    private BootstrapObjects(OwnObjects objects, String serviceAddress, String advertised, int port) {
        this.objects = objects;
        this.serviceAddress = serviceAddress;
        this.advertised = advertised;
        this.port = port;
    }

    /// Throws [dev.kapal.apiserver.api.ApiException] when the server refuses what it must not refuse.
    static void ensure(OwnObjects objects, String serviceAddress, String advertised, int port)
            throws IOException, InterruptedException {
        new BootstrapObjects(objects, serviceAddress, advertised, port).ensure();
    }

    private void ensure() throws IOException, InterruptedException {
        for (var name : NAMESPACES) {
            ensure(CORE.resource("namespaces"), "", named("v1", "Namespace", name));
        }
        for (var priority : SystemPriorities.documents()) {
            ensure(PRIORITIES, "", priority);
        }
        ensure(CORE.resource("services"), "default", service());
        if (InetAddress.getByName(advertised).isLoopbackAddress()) {
            log.warn("pods cannot reach the api server", "advertised", advertised);
            return; // the API allows no endpoint on the loopback
        }
        keep(CORE.resource("endpoints"), endpoints(), "subsets");
        keep(SLICES, slice(), "endpoints");
    }

    private void ensure(GroupVersionResource resource, String namespace, ObjectNode wanted)
            throws InterruptedException {
        objects.ensure(resource, namespace, wanted, found -> Optional.empty());
    }

    /// Also writes `wanted` anew when the part of it named `watched` differs.
    private void keep(GroupVersionResource resource, ObjectNode wanted, String watched) throws InterruptedException {
        objects.ensure(
                resource,
                "default",
                wanted,
                found -> isSame(found, wanted, watched) ? Optional.empty() : Optional.of(replaced(found, wanted)));
    }

    private static ObjectNode replaced(ObjectNode found, ObjectNode wanted) {
        var next = wanted.deepCopy();
        next.withObject("/metadata")
                .set("resourceVersion", found.path("metadata").path("resourceVersion"));
        return next;
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
