package dev.kapal.apiserver.authz.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.model.GroupVersionResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Writes the default policy at start: what is missing is created, rules and subjects that were taken away come back,
/// what somebody added stays, and who says `autoupdate: "false"` is left alone. All writes are under way at once, so
/// that they share the store's batches. Runs once at each start. Source: "Using RBAC Authorization",
/// auto-reconciliation.
public final class PolicyKeeper implements AutoCloseable {
    private static final Log log = Log.of(PolicyKeeper.class);

    private final Resources resources;
    private final DefaultPolicy policy;
    private final Life life = new Life("rbac-policy");
    /// Added to and waited for by the thread that starts the server.
    private final List<FutureTask<Boolean>> writes = new ArrayList<>();

    private PolicyKeeper(Resources resources, DefaultPolicy policy) {
        this.resources = resources;
        this.policy = policy;
    }

    /// Begins with what lies in no namespace, and returns at once: the namespaces can be made meanwhile.
    public static PolicyKeeper begin(Resources resources, DefaultPolicy policy) {
        var keeper = new PolicyKeeper(resources, policy);
        keeper.start(false);
        return keeper;
    }

    /// Goes on with the rest, whose namespaces must exist by now; returns when every object is as it should be.
    ///
    /// @throws IOException when a write is refused that must not be refused
    public void finish() throws IOException, InterruptedException {
        start(true);
        int changed = 0;
        for (var write : writes) {
            changed += result(write) ? 1 : 0;
        }
        if (changed > 0) {
            log.info("default policy written", "objects", changed);
        }
    }

    private void start(boolean inNamespaces) {
        for (var role : policy.roles()) {
            if (role.namespace().isEmpty() != inNamespaces) {
                start(inNamespaces ? "roles" : "clusterroles", role.namespace(), role.name(), role.document());
            }
        }
        for (var binding : policy.bindings()) {
            if (binding.namespace().isEmpty() != inNamespaces) {
                String plural = inNamespaces ? "rolebindings" : "clusterrolebindings";
                start(plural, binding.namespace(), binding.name(), binding.document());
            }
        }
    }

    /// Breaks off what is under way.
    @Override
    public void close() {
        life.close();
    }

    private void start(String plural, String namespace, String name, ObjectNode wanted) {
        var resource = new GroupVersionResource("rbac.authorization.k8s.io", "v1", plural);
        var task = new FutureTask<>(() -> ensure(resource, namespace, name, wanted));
        life.spawn(plural + "/" + name, task::run);
        writes.add(task);
    }

    private static boolean result(FutureTask<Boolean> write) throws IOException, InterruptedException {
        try {
            return write.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case ApiException refusal -> throw new IOException("cannot set up roles: " + refusal.getMessage());
                case InterruptedException stop -> throw stop;
                case RuntimeException defect -> throw defect;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }

    /// Answers whether something was written.
    private boolean ensure(GroupVersionResource resource, String namespace, String name, ObjectNode wanted)
            throws InterruptedException {
        if (wanted.has("roleRef")) {
            var found = resources.get(resource, namespace, name);
            if (found.isPresent()
                    && !same(found.get(), wanted, "roleRef")
                    && merge(found.get(), wanted).isPresent()) {
                // the role of a binding cannot change: a new one takes its place
                resources.delete(resource, namespace, name);
            }
        }
        return resources.ensure(resource, namespace, wanted, stored -> merge(stored, wanted));
    }

    /// The object with all that is wanted; empty when it has all of it, or must not be touched. Pure.
    static Optional<ObjectNode> merge(ObjectNode stored, ObjectNode wanted) {
        if (stored.path("metadata")
                .path("annotations")
                .path(DefaultPolicy.AUTOUPDATE)
                .asText()
                .equals("false")) {
            return Optional.empty();
        }
        var merged = stored.deepCopy();
        var metadata = (ObjectNode) merged.path("metadata");
        for (var field : List.of("labels", "annotations")) {
            addFields(metadata, field, wanted.path("metadata").path(field));
        }
        if (wanted.has("aggregationRule")) {
            var rule = merged.path("aggregationRule") instanceof ObjectNode present
                    ? present
                    : merged.putObject("aggregationRule");
            addItems(
                    rule, "clusterRoleSelectors", wanted.path("aggregationRule").path("clusterRoleSelectors"));
        } else {
            addRules(merged, wanted.path("rules"));
        }
        addItems(merged, "subjects", wanted.path("subjects"));
        return merged.equals(stored) && same(stored, wanted, "roleRef") ? Optional.empty() : Optional.of(merged);
    }

    private static boolean same(ObjectNode one, ObjectNode other, String field) {
        return one.path(field).equals(other.path(field));
    }

    private static void addFields(ObjectNode parent, String field, JsonNode wanted) {
        var present = parent.path(field) instanceof ObjectNode object ? object : parent.putObject(field);
        wanted.properties().forEach(entry -> {
            if (!present.has(entry.getKey())) {
                present.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private static void addItems(ObjectNode parent, String field, JsonNode wanted) {
        var known = new HashSet<JsonNode>();
        parent.path(field).forEach(known::add);
        for (var item : wanted) {
            if (known.add(item)) {
                parent.withArray(field).add(item);
            }
        }
    }

    /// Rules are compared by what they grant, not by how they are written.
    private static void addRules(ObjectNode role, JsonNode wanted) {
        var held = PolicyRule.listOf(role.path("rules"));
        for (var rule : PolicyRule.listOf(wanted)) {
            if (!Coverage.missing(held, List.of(rule)).isEmpty()) {
                role.withArray("rules").add(rule.document());
            }
        }
    }
}
