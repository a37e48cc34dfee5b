package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.cache.CacheEvent;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.apiserver.webhook.Calling;
import dev.kapal.apiserver.webhook.ServiceAddresses;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// The controller of CustomResourceDefinitions: accepts their names, serves what they define, and removes the objects
/// of
/// those that are deleted. One thread follows the definitions; each removal has one of its own.
public final class CustomResources implements AutoCloseable {
    private static final Log log = Log.of(CustomResources.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Pipeline pipeline;
    private final Time time;
    private final Life life = new Life("custom-resources");
    private final Calling calling;
    private final ConversionMetrics conversions;
    /// By name; the following thread's own.
    private final Map<String, Known> known = new HashMap<>();
    private final Set<String> ending = new HashSet<>();

    /// A definition as it was last seen.
    ///
    /// @param served what it made, empty while it is not established
    /// @param closed whether its objects are being removed
    private record Known(Crd crd, ObjectNode cause, List<ResourceDefinition> served, AtomicBoolean closed) {}

    private CustomResources(Pipeline pipeline, ServiceAddresses services, Metrics metrics, Time time) {
        this.pipeline = pipeline;
        this.time = time;
        this.calling = new Calling(services, life, time);
        this.conversions = new ConversionMetrics(metrics);
    }

    /// Serves what is defined already, then follows.
    public static CustomResources start(Pipeline pipeline, ServiceAddresses services, Metrics metrics, Time time) {
        var custom = new CustomResources(pipeline, services, metrics, time);
        var cursor = pipeline.definitions().follow();
        cursor.initial().visit("", "", object -> {
            custom.serve(new Crd(object.document()));
            return true;
        });
        custom.life.start("follow", () -> custom.follow(cursor));
        return custom;
    }

    @Override
    public void close() {
        life.close();
    }

    private void follow(Cursor first) throws InterruptedException {
        var cursor = first;
        cursor.initial().visit("", "", object -> {
            settle(object);
            return true;
        });
        while (true) {
            try (var following = cursor) {
                each(following);
            } catch (Cursor.FellBehindException behind) {
                cursor = pipeline.definitions().follow();
                resync(cursor);
            }
        }
    }

    private void each(Cursor cursor) throws InterruptedException {
        while (!Thread.interrupted()) {
            var event = cursor.poll();
            if (event.isEmpty()) {
                cursor.await(PATIENCE.toNanos());
            } else if (event.get().type() == CacheEvent.Type.DELETED) {
                forget(event.get().object().name());
            } else {
                settle(event.get().object());
            }
        }
        throw new InterruptedException();
    }

    private void resync(Cursor cursor) {
        var present = new HashSet<String>();
        cursor.initial().visit("", "", object -> {
            present.add(object.name());
            settle(object);
            return true;
        });
        known.keySet().stream().filter(name -> !present.contains(name)).toList().forEach(this::forget);
    }

    private void settle(CachedObject object) {
        try {
            settle(new Crd(object.document()));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            log.error("custom resource definition could not be settled", failed, "definition", object.name());
        }
    }

    private void settle(Crd crd) throws InterruptedException {
        var name = crd.meta().name();
        if (crd.meta().isDeleting()) {
            serve(crd);
            if (crd.meta().finalizers().contains(Crd.FINALIZER) && ending.add(name)) {
                var resource = resource(crd);
                life.start("remove " + name, () -> remove(name, resource));
            }
            return;
        }
        var settled = settled(crd.document());
        if (settled.equals(crd.document())) {
            serve(crd);
            return;
        }
        serve(new Crd(settled)); // first: who sees that it is established may use it
        try {
            pipeline.change(name, "status", this::settled).map(Crd::new).ifPresent(this::serve);
        } catch (ApiException refused) {
            log.warn(
                    "status of a custom resource definition was refused",
                    "definition",
                    name,
                    "why",
                    refused.getMessage());
        }
    }

    private ObjectNode settled(ObjectNode document) {
        var next = document.deepCopy();
        var crd = new Crd(document);
        var others = known.values().stream()
                .map(Known::crd)
                .filter(other -> other.group().equals(crd.group())
                        && !other.meta().name().equals(crd.meta().name()))
                .toList();
        new NameClaims(others).settle(next, now());
        CrdConditions.settle(next, now());
        return next;
    }

    private String now() {
        return time.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Puts a definition into force, or a change of it.
    private void serve(Crd crd) {
        var name = crd.meta().name();
        var before = Optional.ofNullable(known.get(name));
        var cause = cause(crd);
        if (before.isPresent() && before.get().cause().equals(cause)) {
            known.put(
                    name,
                    new Known(crd, cause, before.get().served(), before.get().closed()));
            before.get().closed().set(crd.meta().isDeleting());
            return;
        }
        var closed = new AtomicBoolean(crd.meta().isDeleting());
        var served = crd.is(Crd.ESTABLISHED)
                ? CustomDefinitions.of(crd, conversion(crd), closed::get)
                : List.<ResourceDefinition>of();
        known.put(name, new Known(crd, cause, served, closed));
        var gone = new HashSet<GroupVersionResource>();
        before.ifPresent(b -> b.served().forEach(definition -> gone.add(definition.groupVersionResource())));
        served.forEach(definition -> gone.remove(definition.groupVersionResource()));
        pipeline.serve(served, gone);
    }

    /// All that what is served depends on.
    private static ObjectNode cause(Crd crd) {
        var cause = Documents.object();
        cause.set("spec", crd.spec());
        cause.set("names", crd.acceptedNames());
        cause.put("uid", crd.meta().uid());
        cause.put("established", crd.is(Crd.ESTABLISHED));
        return cause;
    }

    private Conversion conversion(Crd crd) {
        return crd.conversion().path("strategy").asText("None").equals("Webhook")
                ? new WebhookConversion(crd, calling, conversions)
                : new PlainConversion();
    }

    private void forget(String name) {
        ending.remove(name);
        var gone = known.remove(name);
        if (gone != null) {
            pipeline.serve(
                    List.of(),
                    gone.served().stream()
                            .map(ResourceDefinition::groupVersionResource)
                            .toList());
        }
        // its names are free now
        known.values().stream()
                .map(Known::crd)
                .filter(crd -> !crd.is(Crd.NAMES_ACCEPTED))
                .toList()
                .forEach(crd -> {
                    try {
                        settle(crd);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    /// Through which its objects are found, one of the versions that are served if there is any; empty for what was
    /// never
    /// established.
    private Optional<ResourceDefinition> resource(Crd crd) {
        if (!crd.is(Crd.ESTABLISHED)) {
            return Optional.empty();
        }
        var served = known.get(crd.meta().name()).served().stream().findFirst();
        return served.or(() -> Optional.of(CustomDefinitions.stored(crd, conversion(crd), () -> true)));
    }

    /// Deletes all objects of a definition and lets it go. Runs on a thread of its own, as long as that takes.
    private void remove(String name, Optional<ResourceDefinition> resource) throws InterruptedException {
        while (true) {
            try {
                if (removed(name, resource)) {
                    return;
                }
            } catch (ApiException refused) {
                log.warn("custom resources cannot be removed yet", "definition", name, "why", refused.getMessage());
            }
            time.sleep(RETRY);
        }
    }

    /// Answers whether there is nothing more to do.
    private boolean removed(String name, Optional<ResourceDefinition> resource) throws InterruptedException {
        var document = pipeline.change(
                name,
                "status",
                crd -> terminating(crd, true, "InstanceDeletionInProgress", "CustomResource deletion is in progress"));
        if (document.isEmpty()) {
            return true;
        }
        if (resource.isPresent() && !isEmptied(resource.get())) {
            return false;
        }
        pipeline.change(
                name, "status", c -> terminating(c, false, "InstanceDeletionCompleted", "removed all instances"));
        pipeline.change(name, "", CustomResources::withoutFinalizer);
        return true;
    }

    private boolean isEmptied(ResourceDefinition resource) throws InterruptedException {
        try (var cursor = pipeline.objects(resource).follow()) {
            int left = pipeline.deleteAll(resource);
            if (left > 0) {
                cursor.await(PATIENCE.toNanos()); // finalizers take their time; each change brings us back
                left = pipeline.deleteAll(resource);
            }
            return left == 0;
        }
    }

    private ObjectNode terminating(ObjectNode crd, boolean status, String reason, String message) {
        Crd.set(crd, Crd.TERMINATING, status, reason, message, now());
        return crd;
    }

    private static ObjectNode withoutFinalizer(ObjectNode crd) {
        var meta = new Crd(crd).meta();
        meta.finalizers(meta.finalizers().stream()
                .filter(finalizer -> !finalizer.equals(Crd.FINALIZER))
                .toList());
        return crd;
    }
}
