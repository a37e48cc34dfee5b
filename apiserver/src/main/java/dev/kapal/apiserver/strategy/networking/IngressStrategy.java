package dev.kapal.apiserver.strategy.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AddressWarnings;
import dev.kapal.apiserver.strategy.Addresses;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which service a request goes to, by host and path. Source: API reference, networking.k8s.io/v1, Ingress.
final class IngressStrategy implements Strategy {
    private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final List<String> PATH_TYPES = List.of("Exact", "ImplementationSpecific", "Prefix");
    private static final List<String> NOT_WITHIN = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final String NO_ADDRESS = "must be a DNS name, not an IP address";
    private static final List<String> NOT_AT_END = List.of("/..", "/.");
    private static final Pattern WILDCARD =
            Pattern.compile("\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*+");

    @Override
    public void check(ObjectNode ingress, Optional<ObjectNode> stored, Problems problems) {
        var spec = ingress.path("spec");
        if (spec.path("rules").isEmpty() && !spec.has("defaultBackend")) {
            problems.invalid(
                    "spec",
                    spec.path("rules").isMissingNode() ? NullNode.instance : spec.path("rules"),
                    "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.has("defaultBackend")) {
            checkBackend("spec.defaultBackend", spec.get("defaultBackend"), problems);
        }
        checkRules(spec.path("rules"), problems);
        checkTls(spec.path("tls"), problems);
        if (spec.has("ingressClassName")) {
            var name = spec.path("ingressClassName").asText();
            problems.invalid("spec.ingressClassName", name, Names.dns1123Subdomain(name));
        }
        if (stored.isEmpty()) {
            checkAnnotation(ingress, problems);
        }
    }

    /// The class as it was said once.
    private static void checkAnnotation(ObjectNode ingress, Problems problems) {
        var old = ingress.path("metadata").path("annotations").path(CLASS_ANNOTATION);
        var name = ingress.path("spec").path("ingressClassName");
        if (old.isTextual() && name.isTextual() && !old.equals(name)) {
            problems.invalid(
                    "annotations." + CLASS_ANNOTATION, old, "must match `ingressClassName` when both are specified");
        }
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        var points = candidate.path("status").path("loadBalancer").path("ingress");
        for (int i = 0; i < points.size(); i++) {
            var path = Problems.at("status.loadBalancer.ingress", i);
            var ip = points.get(i).path("ip").asText("");
            if (!ip.isEmpty() && !Addresses.isIp(ip)) {
                problems.invalid(path + ".ip", ip, Addresses.IP_FORM);
            }
            var host = points.get(i).path("hostname").asText("");
            if (!host.isEmpty()) {
                problems.invalid(path + ".hostname", host, Names.dns1123Subdomain(host));
            }
            if (Addresses.isIp(host)) {
                problems.invalid(path + ".hostname", host, NO_ADDRESS);
            }
        }
    }

    @Override
    public List<String> warnings(ObjectNode ingress) {
        boolean old = ingress.path("metadata").path("annotations").has(CLASS_ANNOTATION);
        return old && !ingress.path("spec").has("ingressClassName")
                ? List.of("annotation \"" + CLASS_ANNOTATION
                        + "\" is deprecated, please use 'spec.ingressClassName' instead")
                : List.of();
    }

    @Override
    public List<String> warnings(ObjectNode ingress, ObjectNode stored) {
        return List.of();
    }

    @Override
    public List<String> statusWarnings(ObjectNode ingress) {
        return AddressWarnings.ofLoadBalancer(ingress);
    }

    private static void checkTls(JsonNode tls, Problems problems) {
        for (int i = 0; i < tls.size(); i++) {
            var path = Problems.at("spec.tls", i);
            var hosts = tls.get(i).path("hosts");
            for (int j = 0; j < hosts.size(); j++) {
                checkHost(Problems.at(path + ".hosts", j), hosts.get(j).asText(), problems);
            }
            var secret = tls.get(i).path("secretName").asText("");
            if (!secret.isEmpty()) {
                problems.invalid(path + ".secretName", secret, Names.dns1123Subdomain(secret));
            }
        }
    }

    private static void checkRules(JsonNode rules, Problems problems) {
        for (int i = 0; i < rules.size(); i++) {
            var path = Problems.at("spec.rules", i);
            var host = rules.get(i).path("host").asText("");
            if (Addresses.isIp(host)) {
                problems.invalid(path + ".host", host, NO_ADDRESS);
            }
            if (!host.isEmpty()) {
                checkHost(path + ".host", host, problems);
            }
            var http = rules.get(i).path("http");
            if (http.isObject()) {
                checkPaths(path + ".http.paths", http.path("paths"), problems);
            }
        }
    }

    private static void checkHost(String path, String host, Problems problems) {
        if (!host.contains("*")) {
            problems.invalid(path, host, Names.dns1123Subdomain(host));
        } else if (!WILDCARD.matcher(host).matches()) {
            problems.invalid(
                    path,
                    host,
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must"
                            + " consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric"
                            + " character (e.g. '*.example.com', regex used for validation is"
                            + " '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        }
    }

    private static void checkPaths(String place, JsonNode paths, Problems problems) {
        if (paths.isEmpty()) {
            problems.required(place, "");
        }
        for (int i = 0; i < paths.size(); i++) {
            var at = Problems.at(place, i);
            var path = paths.get(i).path("path").asText("");
            var type = paths.get(i).path("pathType");
            if (type.isMissingNode()) {
                problems.required(at + ".pathType", "pathType must be specified");
                continue;
            }
            checkPath(at, path, type.asText(), problems);
            checkBackend(at + ".backend", paths.get(i).path("backend"), problems);
        }
    }

    private static void checkPath(String at, String path, String type, Problems problems) {
        switch (type) {
            case "Exact", "Prefix" -> {
                checkAbsolute(at, path, problems);
                for (var sequence : NOT_WITHIN) {
                    if (path.contains(sequence)) {
                        problems.invalid(at + ".path", path, "must not contain '" + sequence + "'");
                    }
                }
                for (var end : NOT_AT_END) {
                    if (path.endsWith(end)) {
                        problems.invalid(at + ".path", path, "cannot end with '" + end + "'");
                    }
                }
            }
            case "ImplementationSpecific" -> {
                if (!path.isEmpty()) {
                    checkAbsolute(at, path, problems);
                }
            }
            default -> problems.notSupported(at + ".pathType", type, PATH_TYPES);
        }
    }

    private static void checkAbsolute(String at, String path, Problems problems) {
        if (!path.startsWith("/")) {
            problems.invalid(at + ".path", path, "must be an absolute path");
        }
    }

    private static void checkBackend(String path, JsonNode backend, Problems problems) {
        boolean resource = backend.path("resource").isObject();
        boolean service = backend.path("service").isObject();
        if (resource && service) {
            problems.invalid(path, "", "cannot set both resource and service backends");
        } else if (resource) {
            checkResource(path + ".resource", backend.path("resource"), problems);
        } else if (service) {
            checkService(path, backend.path("service"), problems);
        } else {
            problems.invalid(path, "", "resource or service backend is required");
        }
    }

    private static void checkResource(String path, JsonNode resource, Problems problems) {
        if (resource.has("apiGroup")) {
            var group = resource.path("apiGroup").asText();
            problems.invalid(path + ".apiGroup", group, Names.dns1123Subdomain(group));
        }
        for (var field : List.of("kind", "name")) {
            var text = resource.path(field).asText("");
            if (text.isEmpty()) {
                problems.required(path + "." + field, field + " is required");
            } else {
                problems.invalid(path + "." + field, text, Names.pathSegment(text));
            }
        }
    }

    private static void checkService(String path, JsonNode service, Problems problems) {
        var name = service.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".service.name", "");
        } else {
            problems.invalid(path + ".service.name", name, Names.dns1035Label(name));
        }
        var port = service.path("port");
        var portName = port.path("name").asText("");
        int number = port.path("number").asInt(0);
        if (!portName.isEmpty() && number != 0) {
            problems.invalid(path, "", "cannot set both port name & port number");
        } else if (!portName.isEmpty()) {
            problems.invalid(path + ".service.port.name", portName, Names.portName(portName));
        } else if (number != 0) {
            problems.port(path + ".service.port.number", number);
        } else {
            problems.required(path, "port name or number is required");
        }
    }
}
