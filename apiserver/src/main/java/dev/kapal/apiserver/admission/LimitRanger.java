package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.Quantity;
import dev.kapal.model.quota.Amounts;
import dev.kapal.model.quota.PodAmounts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// Fills in what containers ask for and may use, and holds containers, pods and claims to the bounds, as the
/// LimitRanges of their namespace say.
final class LimitRanger implements AdmissionPlugin.Mutating, AdmissionPlugin.Validating {
    private static final GroupVersionResource RANGES = new GroupVersionResource("", "v1", "limitranges");
    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final ObjectReader objects;

    LimitRanger(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!request.isCore("pods") || !isConcerned(request)) {
            return;
        }
        for (var range : objects.list(RANGES, request.namespace())) {
            fillIn(request.object().orElseThrow(), range.document());
        }
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!isConcerned(request)) {
            return;
        }
        var object = request.object().orElseThrow();
        for (var cached : objects.list(RANGES, request.namespace())) {
            var problems = new ArrayList<String>();
            for (var limit : cached.document().path("spec").path("limits")) {
                check(request, object, limit, problems);
            }
            if (!problems.isEmpty()) {
                throw request.forbidden(
                        problems.size() == 1
                                ? problems.getFirst()
                                : "[" + String.join(", ", new LinkedHashSet<>(problems)) + "]");
            }
        }
    }

    /// What a pod asks for cannot change, save by a resize.
    private static boolean isConcerned(AdmissionRequest request) {
        if (!request.isCreate() && !request.isUpdate() || isDeleting(request)) {
            return false;
        }
        if (request.isCoreOrBelow("pods")) {
            return request.isCreate()
                    ? request.subresource().isEmpty()
                    : request.subresource().equals("resize");
        }
        return request.isCore("persistentvolumeclaims");
    }

    private static boolean isDeleting(AdmissionRequest request) {
        return request.stored()
                .map(stored -> stored.path("metadata").has("deletionTimestamp"))
                .orElse(false);
    }

    private static void fillIn(ObjectNode pod, ObjectNode range) {
        var requests = Amounts.NONE;
        var limits = Amounts.NONE;
        for (var limit : range.path("spec").path("limits")) {
            if (limit.path("type").asText().equals("Container")) {
                requests = requests.overlaid(Amounts.of(limit.path("defaultRequest")));
                limits = limits.overlaid(Amounts.of(limit.path("default")));
            }
        }
        var notes = new ArrayList<String>();
        for (var container : pod.path("spec").path("containers")) {
            fillIn((ObjectNode) container, requests, limits, "container", notes);
        }
        for (var container : pod.path("spec").path("initContainers")) {
            fillIn((ObjectNode) container, requests, limits, "init container", notes);
        }
        if (!notes.isEmpty()) {
            pod.withObjectProperty("metadata")
                    .withObjectProperty("annotations")
                    .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
        }
    }

    private static void fillIn(
            ObjectNode container, Amounts requests, Amounts limits, String what, List<String> notes) {
        var name = container.path("name").asText();
        var limited = fillIn(container, "limits", limits);
        var requested = fillIn(container, "requests", requests);
        if (!requested.isEmpty()) {
            notes.add(String.join(", ", requested) + " request for " + what + " " + name);
        }
        if (!limited.isEmpty()) {
            notes.add(String.join(", ", limited) + " limit for " + what + " " + name);
        }
    }

    private static TreeSet<String> fillIn(ObjectNode container, String field, Amounts defaults) {
        var set = new TreeSet<String>();
        defaults.values().forEach((resource, amount) -> {
            if (!container.path("resources").path(field).has(resource)) {
                container
                        .withObjectProperty("resources")
                        .withObjectProperty(field)
                        .put(resource, amount.toString());
                set.add(resource);
            }
        });
        return set;
    }

    private static void check(AdmissionRequest request, ObjectNode object, JsonNode limit, List<String> problems) {
        var type = limit.path("type").asText();
        if (request.isCoreOrBelow("persistentvolumeclaims")) {
            if (type.equals("PersistentVolumeClaim")) {
                checkClaim(object, limit, problems);
            }
            return;
        }
        var spec = object.path("spec");
        switch (type) {
            case "Container" -> {
                spec.path("containers").forEach(container -> checkContainer(container, limit, problems));
                spec.path("initContainers").forEach(container -> checkContainer(container, limit, problems));
            }
            case "Pod" ->
                checkBounds(type, limit, PodAmounts.requests(spec, false), PodAmounts.limits(spec, false), problems);
            default -> {}
        }
    }

    private static void checkContainer(JsonNode container, JsonNode limit, List<String> problems) {
        var resources = container.path("resources");
        checkBounds(
                "Container",
                limit,
                Amounts.of(resources.path("requests")),
                Amounts.of(resources.path("limits")),
                problems);
    }

    private static void checkClaim(JsonNode claim, JsonNode limit, List<String> problems) {
        var requests = Amounts.of(claim.path("spec").path("resources").path("requests"));
        Amounts.of(limit.path("min"))
                .values()
                .forEach((resource, least) ->
                        least("PersistentVolumeClaim", resource, least, requests, Amounts.NONE, problems));
        Amounts.of(limit.path("max")).values().forEach((resource, most) -> {
            var bound = "maximum " + resource + " usage per PersistentVolumeClaim is " + most;
            var request = requests.values().get(resource);
            if (request == null) {
                problems.add(bound + ".  No request is specified");
            } else if (request.compareTo(most) > 0) {
                problems.add(bound + ", but request is " + request);
            }
        });
    }

    private static void checkBounds(
            String type, JsonNode limit, Amounts requests, Amounts limits, List<String> problems) {
        Amounts.of(limit.path("min"))
                .values()
                .forEach((resource, least) -> least(type, resource, least, requests, limits, problems));
        Amounts.of(limit.path("max"))
                .values()
                .forEach((resource, most) -> most(type, resource, most, requests, limits, problems));
        Amounts.of(limit.path("maxLimitRequestRatio"))
                .values()
                .forEach((resource, ratio) -> ratio(type, resource, ratio, requests, limits, problems));
    }

    private static void least(
            String type, String resource, Quantity least, Amounts requests, Amounts limits, List<String> problems) {
        var bound = "minimum " + resource + " usage per " + type + " is " + least;
        var request = requests.values().get(resource);
        var limit = limits.values().get(resource);
        if (request == null) {
            problems.add(bound + ".  No request is specified");
        } else if (request.compareTo(least) < 0) {
            problems.add(bound + ", but request is " + request);
        } else if (limit != null && limit.compareTo(least) < 0) {
            problems.add(bound + ", but limit is " + limit);
        }
    }

    private static void most(
            String type, String resource, Quantity most, Amounts requests, Amounts limits, List<String> problems) {
        var bound = "maximum " + resource + " usage per " + type + " is " + most;
        var request = requests.values().get(resource);
        var limit = limits.values().get(resource);
        if (limit == null) {
            problems.add(bound + ".  No limit is specified");
        } else if (limit.compareTo(most) > 0) {
            problems.add(bound + ", but limit is " + limit);
        } else if (request != null && request.compareTo(most) > 0) {
            problems.add(bound + ", but request is " + request);
        }
    }

    private static void ratio(
            String type, String resource, Quantity ratio, Amounts requests, Amounts limits, List<String> problems) {
        var bound = resource + " max limit to request ratio per " + type + " is " + ratio;
        var request = requests.values().get(resource);
        var limit = limits.values().get(resource);
        if (request == null || request.amount().signum() == 0) {
            problems.add(bound + ", but no request is specified or request is 0");
        } else if (limit == null || limit.amount().signum() == 0) {
            problems.add(bound + ", but no limit is specified or limit is 0");
        } else {
            double observed = limit.amount().doubleValue() / request.amount().doubleValue();
            if (observed > ratio.amount().doubleValue()) {
                problems.add(String.format(Locale.ROOT, "%s, but provided ratio is %f", bound, observed));
            }
        }
    }
}
