package dev.kapal.apiserver.strategy.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who carries out ingresses, for good. Source: API reference, networking.k8s.io/v1, IngressClass.
final class IngressClassStrategy implements Strategy {
    private static final int CONTROLLER_LIMIT = 250;
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");
    private static final String CONTROLLER = "spec.controller";
    private static final String PARAMETERS = "spec.parameters";

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var controller = candidate.path("spec").path("controller");
        stored.ifPresent(before ->
                problems.unchanged(CONTROLLER, controller, before.path("spec").path("controller")));
        checkController(controller.asText(""), problems);
        var parameters = candidate.path("spec").path("parameters");
        if (parameters.isObject()) {
            checkParameters(parameters, problems);
        }
    }

    private static void checkController(String controller, Problems problems) {
        if (controller.length() > CONTROLLER_LIMIT) {
            problems.tooLong(CONTROLLER, CONTROLLER_LIMIT);
        }
        if (controller.isEmpty()) {
            problems.required(CONTROLLER, "");
            return;
        }
        int slash = controller.indexOf('/');
        if (slash <= 0 || slash == controller.length() - 1) {
            problems.invalid(CONTROLLER, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        var host = controller.substring(0, slash);
        problems.invalid(CONTROLLER, host, Names.dns1123Subdomain(host));
        var path = controller.substring(slash + 1);
        if (!PATH.matcher(path).matches()) {
            problems.invalid(CONTROLLER, path, "Invalid path (regex used for validation is '" + PATH.pattern() + "')");
        }
    }

    private static void checkParameters(JsonNode parameters, Problems problems) {
        if (parameters.has("apiGroup")) {
            var group = parameters.get("apiGroup").asText();
            problems.invalid(PARAMETERS + ".apiGroup", group, Names.dns1123Subdomain(group));
        }
        for (var field : List.of("kind", "name")) {
            var text = parameters.path(field).asText("");
            if (text.isEmpty()) {
                problems.required(PARAMETERS + "." + field, field + " is required");
            } else {
                problems.invalid(PARAMETERS + "." + field, text, Names.pathSegment(text));
            }
        }
        var namespace = parameters.path("namespace").asText("");
        switch (parameters.path("scope").asText("")) {
            case "Namespace" -> {
                if (!parameters.has("namespace")) {
                    problems.required(PARAMETERS + ".namespace", "`parameters.scope` is set to 'Namespace'");
                } else {
                    problems.invalid(PARAMETERS + ".namespace", namespace, Names.dns1123Label(namespace));
                }
            }
            case "Cluster" -> {
                if (parameters.has("namespace")) {
                    problems.forbidden(PARAMETERS + ".namespace", "`parameters.scope` is set to 'Cluster'");
                }
            }
            default ->
                problems.notSupported(PARAMETERS + ".scope", parameters.path("scope"), List.of("Cluster", "Namespace"));
        }
    }
}
