package dev.kapal.apiserver.admission.match;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.select.LabelSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which requests a webhook or a policy is about. Immutable.
///
/// @param rules any of them must match
/// @param excluded none of them may; only policies have them
/// @param exact whether other versions of the same resource do not count
public record Match(
        List<Rule> rules, List<Rule> excluded, boolean exact, LabelSelector namespaces, LabelSelector objects) {
    private static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");

    /// Of a webhook.
    public static Match ofWebhook(JsonNode webhook) {
        return of(webhook, webhook.path("rules"), List.of());
    }

    /// Of `matchConstraints` or `matchResources`; a missing node matches everything.
    public static Match ofPolicy(JsonNode resources) {
        return of(resources, resources.path("resourceRules"), Rule.all(resources.path("excludeResourceRules")));
    }

    private static Match of(JsonNode from, JsonNode rules, List<Rule> excluded) {
        return new Match(
                Rule.all(rules),
                excluded,
                from.path("matchPolicy").asText("Equivalent").equals("Exact"),
                selector(from.path("namespaceSelector")),
                selector(from.path("objectSelector")));
    }

    private static LabelSelector selector(JsonNode selector) {
        return selector.isObject() ? LabelSelector.fromDocument(selector) : LabelSelector.EVERYTHING;
    }

    /// Whether it names no resources at all, which in a binding means those of the policy.
    public boolean namesNoResources() {
        return rules.isEmpty();
    }

    /// The resource in the version that the rules name, when the request is one of those; empty when it is not. Throws
    /// 404 when the namespace, whose labels are asked for, is not there.
    public Optional<ResourceDefinition> of(AdmissionRequest request, ObjectReader reader, ResourceRegistry registry)
            throws InterruptedException {
        var matched = resource(request, registry);
        if (matched.isEmpty() || !isSelectedByNamespace(request, reader) || !isSelectedByObject(request)) {
            return Optional.empty();
        }
        return matched;
    }

    private Optional<ResourceDefinition> resource(AdmissionRequest request, ResourceRegistry registry) {
        var asked = request.requested();
        var name = asked.groupVersionResource();
        if (excluded.stream().anyMatch(rule -> rule.matches(request, name))) {
            return Optional.empty();
        }
        if (rules.isEmpty() || rules.stream().anyMatch(rule -> rule.matches(request, name))) {
            return Optional.of(asked);
        }
        if (exact) {
            return Optional.empty();
        }
        for (var other : Equivalents.of(asked, registry)) {
            var otherName = other.groupVersionResource();
            if (excluded.stream().anyMatch(rule -> rule.matches(request, otherName))) {
                return Optional.empty();
            }
            if (rules.stream().anyMatch(rule -> rule.matches(request, otherName))) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private boolean isSelectedByNamespace(AdmissionRequest request, ObjectReader reader) throws InterruptedException {
        boolean isNamespace = request.isOf("", "namespaces");
        if (namespaces.requirements().isEmpty() || request.namespace().isEmpty() && !isNamespace) {
            return true; // what has no namespace cannot be left out by one
        }
        var name = isNamespace ? request.nameForMessages() : request.namespace();
        if (isNamespace && request.object().isPresent() && request.subresource().isEmpty()) {
            return namespaces.test(labels(request.object().get()));
        }
        return namespaces.test(reader.cached(NAMESPACES, "", name)
                .map(CachedObject::labels)
                .orElseThrow(() -> ApiException.notFound(NAMESPACES.groupResource(), name)));
    }

    private boolean isSelectedByObject(AdmissionRequest request) {
        return objects.requirements().isEmpty()
                || request.object().filter(o -> objects.test(labels(o))).isPresent()
                || request.stored().filter(o -> objects.test(labels(o))).isPresent();
    }

    private static Map<String, String> labels(ObjectNode object) {
        var labels = new HashMap<String, String>();
        for (var label : object.path("metadata").path("labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText());
        }
        return labels;
    }
}
