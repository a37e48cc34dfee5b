package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;

/// Probes and life-cycle hooks: one handler each, with sensible numbers.
final class ProbeRules {
    private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");
    private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");

    private ProbeRules() {}

    /// @param once whether one success is enough by definition (liveness, start-up)
    static void checkProbe(String path, JsonNode probe, boolean once, Problems problems) {
        checkHandler(path, probe, problems);
        for (var field : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            problems.notNegative(path + "." + field, probe.path(field).asLong(0));
        }
        long successes = probe.path("successThreshold").asLong(1);
        if (once && successes != 1) {
            problems.invalid(path + ".successThreshold", successes, "must be 1");
        }
        if (probe.has("terminationGracePeriodSeconds")
                && probe.get("terminationGracePeriodSeconds").asLong() <= 0) {
            problems.invalid(
                    path + ".terminationGracePeriodSeconds",
                    probe.get("terminationGracePeriodSeconds").asLong(),
                    "must be greater than 0");
        }
    }

    static void checkHandler(String path, JsonNode holder, Problems problems) {
        var present = new ArrayList<String>();
        HANDLERS.stream().filter(holder::has).forEach(present::add);
        if (present.isEmpty()) {
            problems.required(path, "must specify a handler type");
            return;
        }
        for (var extra : present.subList(1, present.size())) {
            problems.forbidden(path + "." + extra, "may not specify more than 1 handler type");
        }
        var handler = present.getFirst();
        var at = path + "." + handler;
        var value = holder.get(handler);
        switch (handler) {
            case "exec" -> {
                if (value.path("command").isEmpty()) {
                    problems.required(at + ".command", "");
                }
            }
            case "httpGet" -> {
                if (value.path("path").asText("").isEmpty()) {
                    problems.required(at + ".path", "");
                }
                checkPort(at + ".port", value.path("port"), problems);
                problems.oneOf(at + ".scheme", value.path("scheme").asText("HTTP"), SCHEMES);
            }
            case "tcpSocket" -> checkPort(at + ".port", value.path("port"), problems);
            case "grpc" -> problems.port(at + ".port", value.path("port").asLong());
            default ->
                problems.notNegative(at + ".seconds", value.path("seconds").asLong());
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
