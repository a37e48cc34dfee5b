package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;

/// Probes and life-cycle hooks: one handler each, with sensible numbers.
final class ProbeRules {
    private static final List<String> PROBE_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> HOOK_HANDLERS = List.of("exec", "httpGet", "tcpSocket", "sleep");
    private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");

    private ProbeRules() {}

    /// @param kind the field that holds it
    static void checkProbe(String path, JsonNode probe, String kind, Problems problems) {
        checkHandler(path, probe, PROBE_HANDLERS, problems);
        for (var field : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            problems.notNegative(path + "." + field, probe.path(field).asLong(0));
        }
        var grace = path + ".terminationGracePeriodSeconds";
        long seconds = probe.path("terminationGracePeriodSeconds").asLong();
        if (probe.has("terminationGracePeriodSeconds") && seconds <= 0) {
            problems.invalid(grace, seconds, "must be greater than 0");
        }
        if (kind.equals("readinessProbe")) {
            if (probe.has("terminationGracePeriodSeconds")) {
                problems.invalid(grace, seconds, "must not be set for readinessProbes");
            }
        } else if (probe.path("successThreshold").asLong() != 1) {
            problems.invalid(
                    path + ".successThreshold", probe.path("successThreshold").asLong(), "must be 1");
        }
    }

    /// @param grace how long the pod may take to end, in seconds
    static void checkHook(String path, JsonNode hook, long grace, Problems problems) {
        checkHandler(path, hook, HOOK_HANDLERS, problems);
        long seconds = hook.path("sleep").path("seconds").asLong();
        if (hook.has("sleep") && (seconds < 0 || seconds > grace)) {
            problems.invalid(
                    path + ".sleep",
                    seconds,
                    "must be non-negative and less than terminationGracePeriodSeconds (" + grace + ")");
        }
    }

    private static void checkHandler(String path, JsonNode holder, List<String> handlers, Problems problems) {
        var present = new ArrayList<>(handlers);
        present.removeIf(handler -> !holder.has(handler));
        if (present.isEmpty()) {
            problems.required(path, "must specify a handler type");
            return;
        }
        var handler = present.getFirst();
        checkAction(path + "." + handler, handler, holder.get(handler), problems);
        for (var extra : present.subList(1, present.size())) {
            problems.forbidden(path + "." + extra, "may not specify more than 1 handler type");
        }
    }

    private static void checkAction(String path, String handler, JsonNode action, Problems problems) {
        switch (handler) {
            case "exec" -> {
                if (action.path("command").isEmpty()) {
                    problems.required(path + ".command", "");
                }
            }
            case "httpGet" -> {
                if (action.path("path").asText("").isEmpty()) {
                    problems.required(path + ".path", "");
                }
                checkPort(path + ".port", action.path("port"), problems);
                var scheme = action.path("scheme").asText("");
                if (!SCHEMES.contains(scheme)) {
                    problems.notSupported(path + ".scheme", scheme, SCHEMES);
                }
                for (var header : action.path("httpHeaders")) {
                    var name = header.path("name").asText("");
                    problems.invalid(path + ".httpHeaders", name, Names.httpHeader(name));
                }
            }
            case "tcpSocket" -> checkPort(path + ".port", action.path("port"), problems);
            case "grpc" -> problems.port(path + ".port", action.path("port").asLong());
            default -> {
                return; // how long it sleeps depends on the pod
            }
        }
    }

    private static void checkPort(String path, JsonNode port, Problems problems) {
        if (port.isTextual()) {
            problems.invalid(path, port.asText(), Names.portName(port.asText()));
        } else {
            problems.port(path, port.asLong(0));
        }
    }
}
