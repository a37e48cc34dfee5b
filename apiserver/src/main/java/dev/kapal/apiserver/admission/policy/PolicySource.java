package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.cel.CelMetrics;
import dev.kapal.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// All policies of one kind with their bindings, by name. What has not changed since the last look is not read or
/// compiled again. Any thread.
final class PolicySource<E> {
    private final GroupVersionResource policies;
    private final GroupVersionResource bindings;
    private final ObjectReader objects;
    private final BiFunction<JsonNode, CelMetrics, E> compiler;
    private final CelMetrics metrics;
    private volatile Image<E> image = new Image<>(List.of(), List.of(), Map.of(), List.of());

    PolicySource(
            GroupVersionResource policies,
            GroupVersionResource bindings,
            ObjectReader objects,
            BiFunction<JsonNode, CelMetrics, E> compiler,
            CelMetrics metrics) {
        this.policies = policies;
        this.bindings = bindings;
        this.objects = objects;
        this.compiler = compiler;
        this.metrics = metrics;
    }

    record Bound<E>(Policy<E> policy, List<Binding> bindings) {}

    private record Image<E>(
            List<CachedObject> policies,
            List<CachedObject> bindings,
            Map<CachedObject, Policy<E>> read,
            List<Bound<E>> bound) {}

    /// Those that have a binding.
    List<Bound<E>> current() throws InterruptedException {
        var sources = objects.list(policies, "");
        if (sources.isEmpty()) {
            return List.of();
        }
        var bindingSources = objects.list(bindings, "");
        var known = image;
        if (sources.equals(known.policies) && bindingSources.equals(known.bindings)) {
            return known.bound;
        }
        var byPolicy = new HashMap<String, List<Binding>>();
        for (var source : bindingSources) {
            var binding = Binding.of(source.name(), source.document().path("spec"));
            byPolicy.computeIfAbsent(binding.policy(), name -> new ArrayList<>())
                    .add(binding);
        }
        var read = new HashMap<CachedObject, Policy<E>>();
        var bound = new ArrayList<Bound<E>>();
        for (var source : sources) {
            var policy = known.read.get(source);
            if (policy == null) {
                policy = new Policy<>(source.name(), source.document().path("spec"), compiler, metrics);
            }
            read.put(source, policy);
            var own = byPolicy.getOrDefault(policy.name(), List.of());
            if (!own.isEmpty()) {
                bound.add(new Bound<>(policy, List.copyOf(own)));
            }
        }
        var next = new Image<>(List.copyOf(sources), List.copyOf(bindingSources), Map.copyOf(read), List.copyOf(bound));
        image = next;
        return next.bound;
    }
}
