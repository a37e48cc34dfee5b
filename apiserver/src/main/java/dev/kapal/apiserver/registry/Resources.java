package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.Admission;
import dev.kapal.apiserver.admission.AdmissionContext;
import dev.kapal.apiserver.admission.AdmissionNotes;
import dev.kapal.apiserver.admission.Connections;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.admission.policy.TypeCheck;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.audit.AuditAnnotations;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.crd.CustomResources;
import dev.kapal.apiserver.strategy.Strategies;
import dev.kapal.apiserver.table.Tables;
import dev.kapal.apiserver.webhook.ServiceAddresses;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.defaults.Defaults;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Serves every request for a resource, whatever its kind. Any thread.
///
/// The way of a write: decode and check the fields ([BodyReader]), admission ([Admission]), what the kind sets
/// ([dev.kapal.apiserver.strategy.Strategy]), validation, the write ([Shelf]). The way of a read: the watch cache's
/// bytes
/// ([WatchCaches]), in the form that was asked for ([Answers]).
public final class Resources implements AutoCloseable {
    private static final GroupVersionResource BINDINGS = new GroupVersionResource("", "v1", "bindings");
    private static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final GroupVersionResource BUDGETS =
            new GroupVersionResource("policy", "v1", "poddisruptionbudgets");
    private static final GroupVersionResource DEFINITIONS =
            new GroupVersionResource("apiextensions.k8s.io", "v1", "customresourcedefinitions");
    private static final GroupVersionResource POLICIES =
            new GroupVersionResource("admissionregistration.k8s.io", "v1", "validatingadmissionpolicies");
    private static final GroupVersionResource EVENTS = new GroupVersionResource("", "v1", "events");

    /// Two hundred a second, as upstream.
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(5);

    private final ResourcesConfig config;
    private final WatchCaches caches;
    private final Security security;
    private final Strategies strategies;
    private final Admission admission;
    private final Tables tables = new Tables();
    private final StorageMigration migration;
    private final DeprecatedUse deprecatedUse;
    private final Life life = new Life("resources");
    /// Made on first use; a definition that is replaced gets a new one.
    private final Map<GroupVersionResource, Endpoint> endpoints = new ConcurrentHashMap<>();
    /// The version in which each resource is stored, as far as somebody has used one of its versions.
    private final Map<GroupResource, ResourceDefinition> begun = new ConcurrentHashMap<>();

    private Resources(ResourcesConfig config, WatchCaches caches, Security security) {
        this.config = config;
        this.caches = caches;
        this.security = security;
        this.strategies = new Strategies(
                caches,
                config.random(),
                config.time(),
                config.serviceCidr(),
                config.serving().nodePorts().first(),
                config.serving().nodePorts().last());
        this.admission = Admission.of(new AdmissionContext(
                config.admission(),
                new AdmissionReader(),
                this::replace,
                config.registry(),
                security.authorizer(),
                security.guards(),
                config.time(),
                config.random(),
                config.metrics(),
                life));
        this.migration = new StorageMigration(config.time());
        this.deprecatedUse = new DeprecatedUse(config.metrics());
    }

    /// Serves what is in the caches, which have been started; they are closed after this, by the caller.
    public static Resources start(ResourcesConfig config, WatchCaches caches, Security security) {
        var resources = new Resources(config, caches, security);
        // selectable fields must be known before the first watch
        config.registry().all().stream()
                .filter(definition -> definition.storedAs().isEmpty())
                .forEach(resources::endpoint);
        config.registry().find(EVENTS).map(resources::endpoint).ifPresent(events -> {
            var expiry =
                    new EventExpiry(events.resource().shelf(), config.serving().eventTtl(), config.time());
            resources.life.start("event-expiry", expiry::run);
        });
        resources.life.start("storage-migration", resources.migration::run);
        config.registry()
                .find(DEFINITIONS)
                .ifPresent(definitions -> resources.life.own(CustomResources.start(
                        new CustomPipeline(resources, resources.endpoint(definitions)),
                        new ServiceAddresses(resources::find, config.random()),
                        config.metrics(),
                        config.time())));
        config.registry().find(POLICIES).map(resources::endpoint).ifPresent(policies -> {
            var statuses =
                    new PolicyStatuses(policies.resource().shelf(), new TypeCheck(config.registry()), config.time());
            resources.life.start("policy-status", statuses::run);
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
        checkScope(call, endpoint.resource().served());
        noteDeprecated(endpoint, info);
        var computed = security.computed().get(info.groupResource());
        if (computed != null && info.subresource().isEmpty()) {
            endpoint.compute(call, computed);
        } else if (info.groupVersionResource().equals(BINDINGS)) {
            var pods = endpoint(config.registry().find(PODS).orElseThrow());
            new BindingSubresource(pods).create(call);
        } else if (info.subresource().isEmpty()) {
            endpoint.handle(call);
        } else {
            Subresources.of(endpoint, info.subresource(), this::budgets).handle(call);
        }
    }

    private void noteDeprecated(Endpoint endpoint, RequestInfo info) {
        var part = info.subresource();
        if (part.isEmpty() || endpoint.resource().served().subresource(part).isPresent()) {
            endpoint.deprecation().ifPresent(warning -> deprecatedUse.note(info.groupVersionResource(), part, warning));
        }
    }

    private Optional<DisruptionBudgets> budgets() {
        return config.registry().find(BUDGETS).map(this::endpoint).map(DisruptionBudgets::new);
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
                                        found.add(endpoint.document(object));
                                    }
                                    return true;
                                }));
        return found;
    }

    /// See [OwnObjects].
    public boolean ensure(
            GroupVersionResource resource,
            String namespace,
            ObjectNode wanted,
            Function<ObjectNode, Optional<ObjectNode>> mended)
            throws InterruptedException {
        String name = wanted.path("metadata").path("name").asText();
        var found = get(resource, namespace, name);
        if (found.isEmpty()) {
            return created(resource, namespace, wanted);
        }
        if (mended.apply(found.get()).isEmpty()) {
            return false;
        }
        update(resource, namespace, name, stored -> mended.apply(stored).orElse(stored));
        return true;
    }

    /// Answers whether nobody was faster.
    private boolean created(GroupVersionResource resource, String namespace, ObjectNode object)
            throws InterruptedException {
        try {
            create(resource, namespace, object);
            return true;
        } catch (ApiException refusal) {
            if (refusal.status().reason().equals("AlreadyExists")) {
                return false;
            }
            throw refusal;
        }
    }

    /// Creates an object as the server itself, through the whole pipeline without HTTP. Throws [ApiException].
    ///
    /// @param document the caller's to give away
    public void create(GroupVersionResource resource, String namespace, ObjectNode document)
            throws InterruptedException {
        var endpoint = config.registry().find(resource).map(this::endpoint).orElseThrow(ApiException::noSuchResource);
        var served = endpoint.resource().served();
        document.put("kind", served.kind())
                .put("apiVersion", served.groupVersion().apiVersion());
        Defaults.apply(served.schema(), document);
        endpoint.creator().create(endpoint.resource().forms().toRuled(document), own(namespace, ""));
    }

    private static Write own(String namespace, String name) {
        return new Write(User.SERVER, namespace, name, "", false, new Warnings()).by("kube-apiserver");
    }

    /// Admits a request that is no write but reaches into a pod, a node or a service. Throws [ApiException].
    public void admitConnection(Call call) throws InterruptedException {
        var definition =
                config.registry().find(call.info().groupVersionResource()).orElseThrow(ApiException::noSuchResource);
        // its warnings have no way out: the answer is another server's
        new Connections(admission).admit(call, definition, new AdmissionNotes(text -> {}, AuditAnnotations::add));
    }

    /// Admits what is posted to a subresource that is served elsewhere; `posted` may be changed. Throws [ApiException].
    public void admitCreate(Call call, GroupVersionKind kind, ObjectNode posted) throws InterruptedException {
        var endpoint = config.registry()
                .find(call.info().groupVersionResource())
                .map(this::endpoint)
                .orElseThrow(ApiException::noSuchResource);
        endpoint.admitCreate(endpoint.write(call, new Warnings()), kind, posted);
    }

    private boolean replace(GroupVersionResource resource, CachedObject current, ObjectNode next)
            throws InterruptedException {
        var shelf = endpoint(config.registry().find(resource).orElseThrow())
                .resource()
                .shelf();
        return shelf.replace(current.namespace(), current.name(), next, current.revision())
                instanceof Shelf.Outcome.Done;
    }

    /// What plugins read.
    private final class AdmissionReader implements ObjectReader {
        @Override
        public Optional<CachedObject> cached(GroupVersionResource resource, String namespace, String name)
                throws InterruptedException {
            var shelf = shelf(resource);
            return shelf.isEmpty() ? Optional.empty() : shelf.get().newest(namespace, name);
        }

        @Override
        public List<CachedObject> list(GroupVersionResource resource, String namespace) throws InterruptedException {
            var shelf = shelf(resource);
            return shelf.isEmpty() ? List.of() : shelf.get().all(namespace);
        }

        @Override
        public Optional<ObjectNode> find(GroupVersionResource resource, String namespace, String name)
                throws InterruptedException {
            return Resources.this.find(resource, namespace, name);
        }

        private Optional<Shelf> shelf(GroupVersionResource resource) {
            return config.registry()
                    .find(resource)
                    .map(definition -> endpoint(definition).resource().shelf());
        }
    }

    /// Changes an object as the server itself, through the whole pipeline without HTTP, again if somebody else was
    /// faster. Throws [ApiException].
    ///
    /// @param change gets a copy of the present state
    public void update(GroupVersionResource resource, String namespace, String name, UnaryOperator<ObjectNode> change)
            throws InterruptedException {
        var endpoint = config.registry().find(resource).map(this::endpoint).orElseThrow(ApiException::noSuchResource);
        endpoint.updater().update(own(namespace, name), stored -> change.apply(stored.deepCopy()));
    }

    /// Deletes an object as the server itself, through the whole pipeline without HTTP. Throws [ApiException].
    public void delete(GroupVersionResource resource, String namespace, String name) throws InterruptedException {
        var endpoint = config.registry().find(resource).map(this::endpoint).orElseThrow(ApiException::noSuchResource);
        endpoint.deleter().delete(own(namespace, name), DeleteOptions.NONE);
    }

    /// Ends all watches, in good order.
    public void endWatches() {
        endpoints.values().forEach(Endpoint::closeWatches);
    }

    /// As [#endWatches()], one after the other, so that their clients do not come back all at once.
    ///
    /// @param longest how long that may take
    public void endWatches(Duration longest) throws InterruptedException {
        var open = endpoints.values().stream()
                .flatMap(endpoint -> endpoint.refuseWatches().stream())
                .toList();
        if (!open.isEmpty()) {
            var pause = longest.dividedBy(open.size());
            for (var watch : open) {
                watch.stop();
                config.time().sleep(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
            }
        }
        endWatches();
    }

    /// Ends all watches.
    @Override
    public void close() {
        endWatches();
        life.close();
    }

    private Optional<ObjectNode> find(GroupVersionResource resource, String namespace, String name)
            throws InterruptedException {
        var definition = config.registry().find(resource);
        if (definition.isEmpty()) {
            return Optional.empty();
        }
        var endpoint = endpoint(definition.get());
        return endpoint.resource().shelf().newest(namespace, name).map(endpoint::document);
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

    /// Takes the registry's change over: what is served new, or in another way, and what is gone.
    void serve(Collection<ResourceDefinition> served, Collection<GroupVersionResource> gone) {
        gone.forEach(name -> {
            config.registry().remove(name);
            var endpoint = endpoints.remove(name);
            if (endpoint != null) {
                endpoint.closeWatches();
            }
        });
        served.forEach(config.registry()::add);
        served.forEach(this::endpoint);
        gone.stream().map(GroupVersionResource::groupResource).distinct().forEach(this::forgetIfGone);
    }

    /// What is kept of a resource goes with the last of its versions.
    private void forgetIfGone(GroupResource resource) {
        boolean remains = config.registry().all().stream()
                .anyMatch(definition -> definition.groupResource().equals(resource));
        if (remains) {
            return;
        }
        begun.remove(resource);
        objectCounts().forget(resource.toString());
        objectCountsByGroup().forget(resource.group(), resource.resource());
        caches.forget(resource.group() + "/" + resource.resource());
    }

    private Metrics.Gauge objectCounts() {
        return config.metrics()
                .gauge(
                        "apiserver_storage_objects",
                        "[DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the"
                                + " time of last check split by kind. In case of a fetching error, the value will be"
                                + " -1.",
                        "resource");
    }

    private Metrics.Gauge objectCountsByGroup() {
        return config.metrics()
                .gauge(
                        "apiserver_resource_objects",
                        "Number of stored objects at the time of last check split by kind. In case of a fetching error,"
                                + " the value will be -1.",
                        "group",
                        "resource");
    }

    Endpoint endpoint(ResourceDefinition definition) {
        var name = definition.groupVersionResource();
        var known = endpoints.get(name);
        return known != null && known.resource().served() == definition
                ? known
                : endpoints.compute(name, (key, present) -> replaced(present, definition));
    }

    private Endpoint replaced(Endpoint present, ResourceDefinition definition) {
        if (present != null && present.resource().served() == definition) {
            return present;
        }
        if (present != null) {
            present.closeWatches();
        }
        return make(definition);
    }

    private Endpoint make(ResourceDefinition definition) {
        var forms = new Forms(definition);
        var shelf = new Shelf(forms, caches, config.store());
        var resource = new Resource(strategies.of(forms.ruled()).servedAs(definition), shelf, forms);
        var stored = forms.stored();
        if (begun.put(stored.groupResource(), stored) != stored) {
            begin(stored);
        }
        var time = config.time();
        var owners = new FieldOwners(resource, config.registry(), time);
        return new Endpoint(
                resource,
                new Creator(resource, admission, owners, time, config.random()),
                new Updater(resource, admission, owners),
                new Deleter(resource, admission, time),
                new Lister(caches, shelf.cache(), config.store(), shelf.prefix()),
                new Watcher(
                        caches,
                        shelf.cache(),
                        new EventForms(forms, tables, time),
                        new WatchMetrics(definition.groupVersionKind(), config.metrics()),
                        config.serving().shortestWatch(),
                        time,
                        config.random()),
                new Answers(forms, tables, time),
                time);
    }

    /// What there is once for all versions of a resource.
    private void begin(ResourceDefinition definition) {
        var forms = new Forms(definition);
        var stored = new Resource(strategies.of(definition), new Shelf(forms, caches, config.store()), forms);
        var cache = stored.shelf().cache();
        cache.readFields(object -> stored.strategy().fields(forms.inStored(object)));
        DoubleSupplier count = () -> cache.snapshot().objects().size();
        var name = definition.groupResource();
        objectCounts().read(count, name.toString());
        objectCountsByGroup().read(count, name.group(), name.resource());
        migration.consider(stored);
    }
}
