package dev.kapal.controllers.resourcequota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.client.Api;
import dev.kapal.model.GroupResource;
import dev.kapal.model.Quantity;
import dev.kapal.model.quota.Amounts;
import dev.kapal.model.quota.Scopes;
import dev.kapal.model.quota.Usage;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/// Counts what the objects of a namespace cost under one quota, as the API server has them now. Blocks.
final class Counting {
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

    /// @param quota the `spec`
    /// @return an amount for each name that is counted at all
    Amounts count(String namespace, JsonNode quota, Amounts hard, Instant now) throws InterruptedException {
        var used = Amounts.NONE;
        for (var resource : resources(hard)) {
            var names = Usage.of(resource).counting(hard.values().keySet());
            for (var name : names) {
                used = used.plus(Amounts.NONE.with(name, Quantity.ZERO));
            }
            var root = catalog.root(resource);
            if (root.isPresent()) {
                var path = root.get() + "/namespaces/" + namespace + "/" + resource.resource();
                used = used.plus(count(path, quota, resource, now).only(names));
            }
        }
        return used;
    }

    private Amounts count(String path, JsonNode quota, GroupResource resource, Instant now)
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
