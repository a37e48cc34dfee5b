package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.Admission;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.strategy.Strategies;
import dev.kapal.apiserver.table.Tables;
import dev.kapal.base.life.Life;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.defaults.Defaults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Serves every request for a resource, whatever its kind. Any thread.
///
/// The way of a write: decode and check the fields ([BodyReader]), admission ([Admission]), what the kind sets
/// ([dev.kapal.apiserver.strategy.Strategy]), validation, the write ([Shelf]). The way of a read: the watch cache's
/// bytes
/// ([WatchCaches]), in the form that was asked for ([Answers]).
public final class Resources implements AutoCloseable {
    private static final GroupVersionResource BINDINGS = new GroupVersionResource("", "v1", "bindings");
    private static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final GroupVersionResource EVENTS = new GroupVersionResource("", "v1", "events");

    private final ResourcesConfig config;
    private final WatchCaches caches;
    private final Strategies strategies;
    private final AdmissionPlugin admission;
    private final Tables tables = new Tables();
    private final Life life = new Life("resources");
    /// Made on first use; a definition that is replaced gets a new one.
    private final Map<GroupVersionResource, Endpoint> endpoints = new ConcurrentHashMap<>();

    private Resources(ResourcesConfig config, WatchCaches caches) {
        this.config = config;
        this.caches = caches;
        this.strategies = new Strategies(
                caches,
                config.random(),
                config.serviceCidr(),
                config.nodePorts().first(),
                config.nodePorts().last());
        this.admission = Admission.builtIn(this::find, config.random());
    }

    /// Loads what the store holds and follows it from then on; returns when reads can be answered.
    public static Resources start(ResourcesConfig config) {
        var caches = WatchCaches.start(config.store(), config.time(), config.metrics());
        var resources = new Resources(config, caches);
        resources.life.own(caches);
        // selectable fields must be known before the first watch
        config.registry().all().forEach(resources::endpoint);
        config.registry().find(EVENTS).map(resources::endpoint).ifPresent(events -> {
            var expiry = new EventExpiry(events.resource().shelf(), config.time());
            resources.life.start("event-expiry", expiry::run);
        });
        return resources;
    }

    /// Answers one authorized request; a watch keeps the calling thread until it ends. Throws [ApiException] for a
    /// refusal, before anything was answered.
    public void handle(Call call) throws IOException, InterruptedException {
        var info = call.info();
        var endpoint = config.registry()
                .find(info.groupVersionResource())
                .map(this::endpoint)
                .orElseThrow(ApiException::noSuchResource);
        checkScope(call, endpoint.resource().definition());
        if (info.groupVersionResource().equals(BINDINGS)) {
            var pods = endpoint(config.registry().find(PODS).orElseThrow());
            new BindingSubresource(pods).create(call);
        } else if (info.subresource().isEmpty()) {
            endpoint.handle(call);
        } else {
            Subresources.of(endpoint, info.subresource()).handle(call);
        }
    }

    /// The newest state of one object, the caller's own.
    ///
    /// @param namespace empty for cluster-scoped resources
    public Optional<ObjectNode> get(GroupVersionResource resource, String namespace, String name)
            throws InterruptedException {
        return find(resource, namespace, name);
    }

    /// The newest state of the objects of one namespace that a field selector `field=value` would find, the caller's
    /// own. Answers from memory.
    public List<ObjectNode> list(GroupVersionResource resource, String namespace, String field, String value) {
        var found = new ArrayList<ObjectNode>();
        config.registry()
                .find(resource)
                .map(this::endpoint)
                .ifPresent(endpoint -> endpoint.resource()
                        .shelf()
                        .cache()
                        .snapshot()
                        .objects()
                        .visit(
                                namespace + "/",
                                namespace + "0",
                                object -> { // the zero comes right after the slash
                                    if (object.field(field).equals(value)) {
                                        found.add(object.document());
                                    }
                                    return true;
                                }));
        return found;
    }

    /// Creates an object through the whole pipeline without HTTP; answers with the object as written. Throws
    /// [ApiException].
    public ObjectNode create(User user, GroupVersionResource resource, String namespace, ObjectNode object)
            throws InterruptedException {
        var endpoint = config.registry().find(resource).map(this::endpoint).orElseThrow(ApiException::noSuchResource);
        var document = object.deepCopy();
        Defaults.apply(endpoint.resource().definition().schema(), document);
        var write = new Write(user, namespace, "", "", false, new Warnings());
        return Documents.read(endpoint.creator().create(document, write));
    }

    /// Ends all watches.
    @Override
    public void close() {
        endpoints.values().forEach(Endpoint::closeWatches);
        life.close();
    }

    private Optional<ObjectNode> find(GroupVersionResource resource, String namespace, String name)
            throws InterruptedException {
        var definition = config.registry().find(resource);
        return definition.isEmpty()
                ? Optional.empty()
                : endpoint(definition.get())
                        .resource()
                        .shelf()
                        .newest(namespace, name)
                        .map(CachedObject::document);
    }

    /// A namespaced resource is reached through its namespace, except to list and watch all of it.
    private static void checkScope(Call call, ResourceDefinition definition) {
        var info = call.info();
        boolean inNamespace = !info.namespace().isEmpty() && !info.resource().equals("namespaces");
        boolean needsNamespace = definition.namespaced()
                && !info.verb().equals("list")
                && !info.verb().equals("watch");
        if (inNamespace && !definition.namespaced() || needsNamespace && !inNamespace) {
            throw ApiException.noSuchResource();
        }
    }

    private Endpoint endpoint(ResourceDefinition definition) {
        var name = definition.groupVersionResource();
        var known = endpoints.get(name);
        return known != null && known.resource().definition() == definition
                ? known
                : endpoints.compute(name, (key, present) -> replaced(present, definition));
    }

    private Endpoint replaced(Endpoint present, ResourceDefinition definition) {
        if (present != null && present.resource().definition() == definition) {
            return present;
        }
        if (present != null) {
            present.closeWatches();
        }
        return make(definition);
    }

    private Endpoint make(ResourceDefinition definition) {
        var group = definition.groupVersion().group();
        var shelf = new Shelf((group.isEmpty() ? "core" : group) + "/" + definition.plural(), caches, config.store());
        var strategy = strategies.of(definition);
        shelf.cache().readFields(strategy::fields);
        var resource = new Resource(definition, strategy, shelf);
        config.metrics()
                .gauge("apiserver_storage_objects", "Number of stored objects, by resource.", "resource")
                .read(
                        () -> shelf.cache().snapshot().objects().size(),
                        definition.groupResource().toString());
        var time = config.time();
        return new Endpoint(
                resource,
                new Creator(resource, admission, time, config.random()),
                new Updater(resource, admission),
                new Deleter(resource, admission, time),
                new Lister(caches, shelf.cache(), config.store(), shelf.prefix()),
                new Watcher(caches, shelf.cache(), new EventForms(definition, tables, time), time, config.random()),
                new Answers(definition, tables, time),
                time);
    }
}
