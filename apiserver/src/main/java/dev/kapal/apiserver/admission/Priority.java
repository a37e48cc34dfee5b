package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.model.GroupVersionResource;
import java.util.Map;
import java.util.Optional;

/// Turns a pod's priority class into a number, and sees to it that there is only one class for pods that name none.
final class Priority implements AdmissionPlugin.Mutating, AdmissionPlugin.Validating {
    private static final GroupVersionResource CLASSES =
            new GroupVersionResource("scheduling.k8s.io", "v1", "priorityclasses");
    private static final String PREEMPT = "PreemptLowerPriority";
    /// These two exist even before anybody has made them.
    private static final Map<String, Integer> SYSTEM =
            Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

    private final ObjectReader objects;

    Priority(ObjectReader objects) {
        this.objects = objects;
    }

    /// @param name empty when a pod has no class
    /// @param preemption empty when the class leaves it open
    private record Rank(String name, int value, String preemption) {
        static Rank of(ObjectNode priorityClass) {
            return new Rank(
                    priorityClass.path("metadata").path("name").asText(),
                    priorityClass.path("value").asInt(),
                    priorityClass.path("preemptionPolicy").asText(""));
        }
    }

    @Override
    public String name() {
        return "Priority";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!request.isCore("pods")
                || request.object().isEmpty()
                || !(request.object().get().get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (request.isUpdate()) {
            keep(spec, request.stored().orElseThrow().path("spec").get("priority"), "priority");
            keep(spec, request.stored().get().path("spec").get("preemptionPolicy"), "preemptionPolicy");
        } else if (request.isCreate()) {
            rank(request, spec);
        }
    }

    private static void keep(ObjectNode spec, JsonNode stored, String field) {
        if (!spec.has(field) && stored != null) {
            spec.set(field, stored);
        }
    }

    private void rank(AdmissionRequest request, ObjectNode spec) throws InterruptedException {
        var name = spec.path("priorityClassName").asText("");
        var rank = name.isEmpty() ? usual() : named(request, name);
        if (!rank.name().isEmpty()) {
            spec.put("priorityClassName", rank.name());
        }
        if (spec.has("priority") && spec.get("priority").asInt() != rank.value()) {
            throw request.forbidden(
                    "the integer value of priority (" + spec.get("priority").asInt()
                            + ") must not be provided in pod spec; priority admission controller computed "
                            + rank.value() + " from the given PriorityClass name");
        }
        spec.put("priority", rank.value());
        if (rank.preemption().isEmpty()) {
            return;
        }
        var given = spec.path("preemptionPolicy").asText("");
        if (!given.isEmpty() && !given.equals(rank.preemption())) {
            throw request.forbidden("the string value of PreemptionPolicy (" + given
                    + ") must not be provided in pod spec; priority admission controller computed "
                    + rank.preemption() + " from the given PriorityClass name");
        }
        spec.put("preemptionPolicy", rank.preemption());
    }

    private Rank named(AdmissionRequest request, String name) throws InterruptedException {
        var found = objects.find(CLASSES, "", name);
        if (found.isPresent()) {
            return Rank.of(found.get());
        }
        var value = SYSTEM.get(name);
        if (value == null) {
            throw request.forbidden("no PriorityClass with name " + name + " was found");
        }
        return new Rank(name, value, PREEMPT);
    }

    private Rank usual() throws InterruptedException {
        return globalDefault().map(Rank::of).orElse(new Rank("", 0, PREEMPT));
    }

    /// Of several the lowest, which a race can make.
    private Optional<ObjectNode> globalDefault() throws InterruptedException {
        Optional<ObjectNode> lowest = Optional.empty();
        for (CachedObject cached : objects.list(CLASSES, "")) {
            var priorityClass = cached.document();
            if (priorityClass.path("globalDefault").asBoolean()
                    && lowest.map(l -> l.path("value").asInt()
                                    > priorityClass.path("value").asInt())
                            .orElse(true)) {
                lowest = Optional.of(priorityClass);
            }
        }
        return lowest;
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (!request.isOf("scheduling.k8s.io", "priorityclasses")
                || !request.subresource().isEmpty()
                || request.object().isEmpty()
                || !request.object().get().path("globalDefault").asBoolean()) {
            return;
        }
        var present = globalDefault().map(c -> c.path("metadata").path("name").asText());
        if (present.isPresent() && (request.isCreate() || !present.get().equals(request.nameForMessages()))) {
            throw request.forbidden(
                    "PriorityClass " + present.get() + " is already marked as default. Only one default can exist");
        }
    }
}
