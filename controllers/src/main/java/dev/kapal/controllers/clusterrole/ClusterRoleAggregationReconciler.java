package dev.kapal.controllers.clusterrole;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Fills aggregated cluster roles with the rules of the roles that they select: `admin`, `edit`, `view`, and whatever
/// people make. Source: "Using RBAC Authorization", aggregated ClusterRoles.
public final class ClusterRoleAggregationReconciler implements Reconciler {
    private final Cache<ClusterRole> roles;
    private final Api api;

    public ClusterRoleAggregationReconciler(Informers informers, Api api) {
        this.roles = informers.of(ClusterRole.class);
        this.api = api;
    }

    /// Any role may be selected by any aggregated one.
    @Override
    public List<Wake> wakes() {
        return List.of(Wake.on(
                roles,
                change -> roles.all().stream()
                        .filter(ClusterRoleAggregationReconciler::aggregates)
                        .map(Key::of)
                        .toList()));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var role = roles.find(key);
        if (role.isEmpty() || !aggregates(role.get())) {
            return Outcome.settled();
        }
        var rules = rules(role.get(), roles.all());
        if (!rules.equals(role.get().getRules())) {
            api.update(new ClusterRoleBuilder(role.get()).withRules(rules).build());
        }
        return Outcome.settled();
    }

    private static boolean aggregates(ClusterRole role) {
        return role.getAggregationRule() != null;
    }

    /// The rules of all selected roles in the order of their names, none twice. Pure.
    static List<PolicyRule> rules(ClusterRole role, List<ClusterRole> all) {
        var rules = new LinkedHashSet<PolicyRule>();
        var byName = all.stream()
                .sorted(Comparator.comparing(other -> other.getMetadata().getName()))
                .toList();
        for (var selector : role.getAggregationRule().getClusterRoleSelectors()) {
            for (var other : byName) {
                boolean self =
                        other.getMetadata().getName().equals(role.getMetadata().getName());
                var labels = other.getMetadata().getLabels();
                if (!self && Selectors.of(selector).test(labels == null ? Map.of() : labels)) {
                    rules.addAll(other.getRules());
                }
            }
        }
        return List.copyOf(rules);
    }
}
