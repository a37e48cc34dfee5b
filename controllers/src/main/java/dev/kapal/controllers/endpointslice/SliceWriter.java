package dev.kapal.controllers.endpointslice;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.client.OwnWrites;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClientException;

/// Carries out slice plans and remembers them until the cache shows them: slices have generated names, so a stale cache
/// would make them twice. Any thread; blocks.
final class SliceWriter {
    private final Api api;
    private final OwnWrites<EndpointSlice> writes;

    SliceWriter(Api api, Cache<EndpointSlice> slices) {
        this.api = api;
        this.writes = new OwnWrites<>(slices);
    }

    boolean seen(Key key) {
        return writes.seen(key);
    }

    void forget(Key key) {
        writes.forget(key);
    }

    void apply(Key key, SlicePlan plan) throws InterruptedException {
        for (EndpointSlice slice : plan.create()) {
            try {
                writes.wrote(key, api.create(slice));
            } catch (KubernetesClientException refusal) {
                if (!Refusals.isNamespaceTerminating(refusal)) {
                    throw refusal;
                }
            }
        }
        for (EndpointSlice slice : plan.update()) {
            writes.wrote(key, api.update(slice));
        }
        for (EndpointSlice slice : plan.delete()) {
            if (api.delete(EndpointSlice.class, Key.of(slice), new DeleteOptions())) {
                writes.deleted(key, slice);
            }
        }
    }
}
