package dev.kapal.apiserver.admission.webhook;

import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.webhook.Calling;
import dev.kapal.apiserver.webhook.WebhookTarget;
import dev.kapal.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The webhooks of one kind of configuration, by the configurations' names and then as they stand there. What has not
/// changed since the last look is not read again. Any thread.
final class Configurations {
    private final GroupVersionResource resource;
    private final ObjectReader objects;
    private final Calling calling;
    private volatile Image image = new Image(List.of(), Map.of(), List.of());

    /// @param sources identical to those that the cache shows as long as nothing has changed
    private record Image(List<CachedObject> sources, Map<CachedObject, List<Webhook>> read, List<Webhook> webhooks) {}

    Configurations(GroupVersionResource resource, ObjectReader objects, Calling calling) {
        this.resource = resource;
        this.objects = objects;
        this.calling = calling;
    }

    List<Webhook> current() throws InterruptedException {
        var sources = objects.list(resource, "");
        var known = image;
        if (sources.equals(known.sources)) {
            return known.webhooks;
        }
        var read = new HashMap<CachedObject, List<Webhook>>();
        var webhooks = new ArrayList<Webhook>();
        for (var source : sources) {
            var unchanged = known.read.get(source);
            var own = unchanged != null ? unchanged : read(source);
            read.put(source, own);
            webhooks.addAll(own);
        }
        var next = new Image(List.copyOf(sources), Map.copyOf(read), List.copyOf(webhooks));
        image = next;
        return next.webhooks;
    }

    private List<Webhook> read(CachedObject source) {
        var webhooks = new ArrayList<Webhook>();
        int index = 0;
        for (var webhook : source.document().path("webhooks")) {
            var target = WebhookTarget.of(webhook.path("clientConfig"), calling);
            webhooks.add(Webhook.of(webhook, source.name(), index++, target));
        }
        return List.copyOf(webhooks);
    }
}
