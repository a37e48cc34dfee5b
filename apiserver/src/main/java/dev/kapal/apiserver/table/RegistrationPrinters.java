package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupResource;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// Webhooks, admission policies and their bindings.
final class RegistrationPrinters {
    private static final String GROUP = "admissionregistration.k8s.io";

    private RegistrationPrinters() {}

    static Map<GroupResource, Printer> all() {
        return Map.of(
                new GroupResource(GROUP, "mutatingwebhookconfigurations"), RegistrationPrinters::webhooks,
                new GroupResource(GROUP, "validatingwebhookconfigurations"), RegistrationPrinters::webhooks,
                new GroupResource(GROUP, "validatingadmissionpolicies"),
                        (policy, now, cells) -> policy(policy, "validations", now, cells),
                new GroupResource(GROUP, "mutatingadmissionpolicies"),
                        (policy, now, cells) -> policy(policy, "mutations", now, cells),
                new GroupResource(GROUP, "validatingadmissionpolicybindings"), RegistrationPrinters::binding,
                new GroupResource(GROUP, "mutatingadmissionpolicybindings"), RegistrationPrinters::binding);
    }

    private static void webhooks(ObjectNode configuration, Instant now, ArrayNode cells) {
        cells.add(Cells.name(configuration))
                .add(configuration.path("webhooks").size())
                .add(Cells.age(configuration, now));
    }

    private static void policy(ObjectNode policy, String rules, Instant now, ArrayNode cells) {
        var spec = policy.path("spec");
        var kind = spec.path("paramKind");
        cells.add(Cells.name(policy))
                .add(spec.path(rules).size())
                .add(
                        kind.isObject()
                                ? kind.path("apiVersion").asText("") + "/"
                                        + kind.path("kind").asText("")
                                : Cells.UNSET)
                .add(Cells.age(policy, now));
    }

    private static void binding(ObjectNode binding, Instant now, ArrayNode cells) {
        var spec = binding.path("spec");
        cells.add(Cells.name(binding))
                .add(spec.path("policyName").asText(""))
                .add(parameters(spec.path("paramRef")))
                .add(Cells.age(binding, now));
    }

    /// Whether parameters have a namespace is not known here, so those without one are shown as of any.
    private static String parameters(JsonNode reference) {
        var name = reference.path("name").asText("");
        if (!name.isEmpty()) {
            return Cells.or(reference.path("namespace"), "*") + "/" + name;
        }
        var selector = reference.path("selector");
        return selector.isObject() ? selector(selector) : Cells.UNSET;
    }

    /// Upstream shows its own value as Go writes it; people's scripts see this text.
    private static String selector(JsonNode selector) {
        var labels = new TreeMap<String, String>();
        selector.path("matchLabels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        var text = new StringBuilder("&LabelSelector{MatchLabels:map[string]string{");
        labels.forEach(
                (key, value) -> text.append(key).append(": ").append(value).append(','));
        text.append("},MatchExpressions:[]LabelSelectorRequirement{");
        for (var requirement : selector.path("matchExpressions")) {
            text.append("LabelSelectorRequirement{Key:")
                    .append(requirement.path("key").asText(""))
                    .append(",Operator:")
                    .append(requirement.path("operator").asText(""))
                    .append(",Values:[")
                    .append(String.join(" ", Cells.texts(requirement.path("values"))))
                    .append("],},");
        }
        return text.append("},}").toString();
    }
}
