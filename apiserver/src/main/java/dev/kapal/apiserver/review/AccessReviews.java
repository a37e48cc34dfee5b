package dev.kapal.apiserver.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.authz.Authorizer.Verdict;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.apiserver.registry.ComputedResource;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.GoText;
import java.util.List;
import java.util.Map;

/// Answers who may do what, by the same authorizers that judge requests: `kubectl auth can-i`. Any thread. Source: API
/// reference, authorization.k8s.io/v1.
public final class AccessReviews {
    private static final String GROUP = "authorization.k8s.io";

    private final Authorizer authorizer;

    public AccessReviews(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /// The four kinds of review.
    public Map<GroupResource, ComputedResource> resources() {
        return Map.of(
                new GroupResource(GROUP, "subjectaccessreviews"), this::subject,
                new GroupResource(GROUP, "localsubjectaccessreviews"), this::local,
                new GroupResource(GROUP, "selfsubjectaccessreviews"), this::self,
                new GroupResource(GROUP, "selfsubjectrulesreviews"), this::rules);
    }

    private ObjectNode subject(ObjectNode review, Call call) throws InterruptedException {
        var spec = review.path("spec");
        var problems = new Problems();
        Attributes.check(spec, true, problems);
        checkNoMetadata(review, "", problems);
        refuse(review, problems);
        return decide(review, Attributes.user(spec));
    }

    private ObjectNode local(ObjectNode review, Call call) throws InterruptedException {
        var spec = review.path("spec");
        var problems = new Problems();
        Attributes.check(spec, true, problems);
        String namespace = call.info().namespace();
        checkNoMetadata(review, namespace, problems);
        var resource = spec.path("resourceAttributes");
        if (resource.isObject() && !Attributes.text(resource, "namespace").equals(namespace)) {
            problems.invalid(
                    "spec.resourceAttributes.namespace",
                    Attributes.text(resource, "namespace"),
                    "must match metadata.namespace");
        }
        if (spec.path("nonResourceAttributes").isObject()) {
            problems.invalid("spec.nonResourceAttributes", Attributes.path(spec), "disallowed on this kind of request");
        }
        refuse(review, problems);
        return decide(review, Attributes.user(spec));
    }

    private ObjectNode self(ObjectNode review, Call call) throws InterruptedException {
        var problems = new Problems();
        Attributes.check(review.path("spec"), false, problems);
        checkNoMetadata(review, "", problems);
        refuse(review, problems);
        return decide(review, call.user());
    }

    private ObjectNode decide(ObjectNode review, User user) throws InterruptedException {
        var decision = authorizer.decide(user, Attributes.request(review.path("spec")));
        var status = review.putObject("status").put("allowed", decision.allowed());
        if (decision.verdict() == Verdict.DENY) {
            status.put("denied", true);
        }
        putUnlessEmpty(status, "reason", decision.reason());
        putUnlessEmpty(status, "evaluationError", decision.error());
        return review;
    }

    /// The answer does not say again what was asked.
    private ObjectNode rules(ObjectNode review, Call call) throws InterruptedException {
        String namespace = Attributes.text(review.path("spec"), "namespace");
        if (namespace.isEmpty()) {
            throw ApiException.badRequest("no namespace on request");
        }
        var rules = authorizer.rules(call.user(), namespace);
        review.putObject("metadata");
        review.putObject("spec");
        var status = review.putObject("status");
        var resources = status.putArray("resourceRules");
        var paths = status.putArray("nonResourceRules");
        for (var rule : rules.rules()) {
            if (!rule.resources().isEmpty()) {
                resource(resources.addObject(), rule);
            }
            if (!rule.nonResourceUrls().isEmpty()) {
                var path = paths.addObject();
                put(path, "verbs", rule.verbs());
                put(path, "nonResourceURLs", rule.nonResourceUrls());
            }
        }
        status.put("incomplete", rules.incomplete());
        putUnlessEmpty(status, "evaluationError", GoText.aggregate(rules.errors()));
        return review;
    }

    private static void resource(ObjectNode to, PolicyRule rule) {
        put(to, "verbs", rule.verbs());
        put(to, "apiGroups", rule.apiGroups());
        put(to, "resources", rule.resources());
        if (!rule.resourceNames().isEmpty()) {
            put(to, "resourceNames", rule.resourceNames());
        }
    }

    private static void put(ObjectNode to, String field, List<String> values) {
        ArrayNode list = to.putArray(field);
        values.forEach(list::add);
    }

    private static void putUnlessEmpty(ObjectNode to, String field, String value) {
        if (!value.isEmpty()) {
            to.put(field, value);
        }
    }

    /// A question has no name; only its namespace may be said.
    private static void checkNoMetadata(ObjectNode review, String namespace, Problems problems) {
        var metadata = review.path("metadata");
        for (var field : metadata.properties()) {
            boolean meansNothing =
                    field.getKey().equals("managedFields") || field.getValue().isNull() || isEmpty(field.getValue());
            boolean isPlace = !namespace.isEmpty() && field.getKey().equals("namespace");
            if (!meansNothing && !isPlace) {
                String what = namespace.isEmpty() ? "must be empty" : "must be empty except for namespace";
                problems.invalid("metadata", metadata, what);
                return;
            }
        }
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isContainerNode() ? value.isEmpty() : value.asText().isEmpty();
    }

    private static void refuse(ObjectNode review, Problems problems) {
        if (!problems.isEmpty()) {
            throw ApiException.invalid(
                    new GroupVersionKind(GROUP, "v1", Attributes.text(review, "kind")), "", problems.found());
        }
    }
}
