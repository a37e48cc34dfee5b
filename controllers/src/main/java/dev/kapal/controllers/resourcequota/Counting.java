package dev.kapal.controllers.resourcequota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.base.log.Log;
import dev.kapal.client.Api;
import dev.kapal.model.GroupResource;
import dev.kapal.model.Quantity;
import dev.kapal.model.quota.Amounts;
import dev.kapal.model.quota.Scopes;
import dev.kapal.model.quota.Usage;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Counts what the objects of a namespace cost under one quota, as the API server has them now. Blocks.
final class Counting {
    private static final Log log = Log.of(Counting.class);
    private static final Set<String> MEASURED = Set.of("pods", "services", "persistentvolumeclaims", "resourceclaims");

    private final Api api;
    private final Catalog catalog;

    Counting(Api api, Catalog catalog) {
        this.api = api;
        this.catalog = catalog;
    }

    /// The resources whose objects count for any of these names.
    static Set<GroupResource> resources(Amounts hard) {
        var resources = new LinkedHashSet<GroupResource>();
        hard.values().keySet().forEach(name -> Usage.counted(name).ifPresent(resources::add));
        return resources;
    }

    /// What was counted.
    ///
    /// @param used an amount for each name that could be counted
    /// @param missed what nobody serves at the moment, or does not answer for
    record Count(Amounts used, Set<GroupResource> missed) {}

    /// @param quota the `spec`
    Count count(String namespace, JsonNode quota, Amounts hard, Instant now) throws InterruptedException {
        var used = Amounts.NONE;
        var missed = new LinkedHashSet<GroupResource>();
        for (var resource : resources(hard)) {
            var names = Usage.of(resource).counting(hard.values().keySet());
            var counted = count(namespace, quota, resource, now);
            if (counted.isEmpty()) {
                missed.add(resource);
                continue;
            }
            for (var name : names) {
                used = used.plus(Amounts.NONE.with(name, Quantity.ZERO));
            }
            used = used.plus(counted.get().only(names));
        }
        return new Count(used, missed);
    }

    /// Empty when the objects cannot be counted: that none are seen does not mean that there are none.
    private Optional<Amounts> count(String namespace, JsonNode quota, GroupResource resource, Instant now)
            throws InterruptedException {
        var root = catalog.root(resource);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        var path = root.get() + "/namespaces/" + namespace + "/" + resource.resource();
        try {
            return Optional.of(listed(path, quota, resource, now));
        } catch (KubernetesClientException away) {
            catalog.forget(resource);
            log.warn("objects cannot be counted for a quota", "resource", resource, "why", away.getMessage());
            return Optional.empty();
        }
    }

    private Amounts listed(String path, JsonNode quota, GroupResource resource, Instant now)
            throws InterruptedException {
        if (!MEASURED.contains(resource.resource())) {
            return many(path, quota, resource, now);
        }
        var used = Amounts.NONE;
        for (JsonNode object : api.get(path).path("items")) {
            if (Scopes.match(quota, resource, object)) {
                used = used.plus(Usage.of(resource).measure(object, now));
            }
        }
        return used;
    }

    /// All objects of the resource cost the same: their number is enough.
    private Amounts many(String path, JsonNode quota, GroupResource resource, Instant now) throws InterruptedException {
        var page = api.get(path + "?limit=1");
        var used = Amounts.NONE;
        for (JsonNode object : page.path("items")) {
            if (Scopes.match(quota, resource, object)) {
                long count =
                        1 + page.path("metadata").path("remainingItemCount").asLong();
                used = Usage.of(resource).measure(object, now).times(count);
            }
        }
        return used;
    }
}
