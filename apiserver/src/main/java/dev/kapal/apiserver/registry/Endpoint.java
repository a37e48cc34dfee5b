package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The verbs of one resource. Runs on the thread of each request.
final class Endpoint {
    private final Resource resource;
    private final Creator creator;
    private final Updater updater;
    private final Deleter deleter;
    private final Lister lister;
    private final Watcher watcher;
    private final Answers answers;
    private final Time time;

    Endpoint(
            Resource resource,
            Creator creator,
            Updater updater,
            Deleter deleter,
            Lister lister,
            Watcher watcher,
            Answers answers,
            Time time) {
        this.resource = resource;
        this.creator = creator;
        this.updater = updater;
        this.deleter = deleter;
        this.lister = lister;
        this.watcher = watcher;
        this.answers = answers;
        this.time = time;
    }

    Resource resource() {
        return resource;
    }

    Creator creator() {
        return creator;
    }

    Updater updater() {
        return updater;
    }

    Deleter deleter() {
        return deleter;
    }

    Answers answers() {
        return answers;
    }

    Time time() {
        return time;
    }

    /// A held object as clients of this version see it, the caller's own.
    ObjectNode document(CachedObject object) {
        return Documents.read(object.json(resource.forms()));
    }

    /// Lets nobody watch any more.
    ///
    /// @return the watches that are open
    Set<Cursor> refuseWatches() {
        return watcher.refuse();
    }

    void closeWatches() {
        watcher.close();
    }

    /// Serves the resource itself and `/status`.
    void handle(Call call) throws IOException, InterruptedException {
        var verb = call.info().verb();
        if (!definition().allows(verb)) {
            throw ApiException.methodNotAllowed();
        }
        switch (verb) {
            case "get" -> get(call);
            case "list" -> list(call);
            case "watch" -> watch(call);
            case "create" -> create(call);
            case "update" -> update(call);
            case "patch" -> patch(call);
            case "delete" -> delete(call);
            case "deletecollection" -> deleteCollection(call);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    /// The version that is served here.
    private ResourceDefinition definition() {
        return resource.served();
    }

    /// The namespace that the request is about; a cluster-scoped resource has none.
    String namespace(Call call) {
        return definition().namespaced() ? call.info().namespace() : "";
    }

    /// What everybody hears who uses this resource.
    Warnings warnings() {
        var warnings = new Warnings();
        deprecation().ifPresent(warnings::add);
        return warnings;
    }

    /// What users of this version are warned of.
    Optional<String> deprecation() {
        var text = definition().deprecation();
        return text.isEmpty() ? resource.strategy().deprecation() : Optional.of(text);
    }

    /// The fields of `CreateOptions`, `UpdateOptions` and `PatchOptions` that the request sets.
    private static ObjectNode options(RequestInfo.Query query) {
        var options = Documents.object();
        if (!query.values("dryRun").isEmpty()) {
            options.putArray("dryRun").add("All");
        }
        for (var field : List.of("fieldManager", "fieldValidation")) {
            var value = query.first(field);
            if (!value.isEmpty()) {
                options.put(field, value);
            }
        }
        return options;
    }

    /// Admits what is posted to a subresource and is not the object itself.
    ///
    /// @param posted changed in place
    void admitCreate(Write write, GroupVersionKind kind, ObjectNode posted) throws InterruptedException {
        var request = resource.admission(Operation.CREATE, write, Optional.of(posted), Optional.empty())
                .about(kind, Optional.of(posted), Optional.empty());
        updater.admission().mutate(request);
        updater.admission().validate(request);
    }

    Write write(Call call, Warnings warnings) {
        return write(call, WriteOptions.of(call), warnings);
    }

    Write write(Call call, WriteOptions options, Warnings warnings) {
        var info = call.info();
        return new Write(
                call.user(),
                namespace(call),
                info.name(),
                info.subresource(),
                options.dryRun(),
                warnings,
                options(call.query()),
                options.manager());
    }

    void get(Call call) throws IOException, InterruptedException {
        answers.object(call, 200, find(call), warnings());
    }

    /// The object that the request names, as fresh as the request wants it. Throws 404.
    CachedObject find(Call call) throws InterruptedException {
        var name = call.info().name();
        var version = call.query().first("resourceVersion");
        var shelf = resource.shelf();
        var found = version.isEmpty()
                ? shelf.newest(namespace(call), name)
                : shelf.atLeast(ListOptions.revision(version), namespace(call), name);
        return found.orElseThrow(() -> resource.notFound(name));
    }

    private void list(Call call) throws IOException, InterruptedException {
        answers.list(call, lister.list(namespace(call), options(call, false)), warnings());
    }

    private void watch(Call call) throws IOException, InterruptedException {
        watcher.watch(call, namespace(call), options(call, true), warnings());
    }

    private ListOptions options(Call call, boolean watch) {
        var asked = ListOptions.of(call.query(), watch);
        var options = asked.withFields(asked.fields().renamed(this::selectable));
        boolean named = call.info().parts().size() > 1;
        return named ? options.named(call.info().name()) : options;
    }

    /// The stored form's name of a field that objects are selected by.
    private String selectable(String field) {
        var selectable = resource.strategy().selectable();
        var known = definition()
                .conversion()
                .field(definition().groupVersion(), field)
                .filter(name ->
                        name.equals("metadata.name") || name.equals("metadata.namespace") || selectable.contains(name));
        return known.orElseThrow(() -> ApiException.badRequest(
                resource.strategy().notSelectable(definition().groupVersionKind(), field)));
    }

    private void create(Call call) throws IOException, InterruptedException {
        var warnings = warnings();
        var write = write(call, warnings);
        var incoming = read(call, warnings);
        answers.object(call, 201, creator.create(incoming, write), warnings);
    }

    /// Answers a create that stores nothing.
    void compute(Call call, ComputedResource computed) throws IOException, InterruptedException {
        if (!call.info().verb().equals("create")) {
            throw ApiException.methodNotAllowed();
        }
        var warnings = warnings();
        var write = write(call, warnings);
        var incoming = read(call, warnings);
        Creator.placeInNamespace(Meta.of(incoming), write.namespace());
        var request = resource.admission(Operation.CREATE, write, Optional.of(incoming), Optional.empty());
        updater.admission().mutate(request);
        updater.admission().validate(request);
        Answers.document(call, 201, computed.compute(incoming, call), warnings);
    }

    /// What the client sent, in the form that the rules look at.
    private ObjectNode read(Call call, Warnings warnings) {
        var sent = BodyReader.object(
                call, definition().groupVersionKind(), definition().schema(), warnings);
        OwnerDuplicates.removeFromSent(Meta.of(sent), warnings);
        return resource.forms().toRuled(sent);
    }

    void update(Call call) throws IOException, InterruptedException {
        var warnings = warnings();
        var write = write(call, warnings);
        var incoming = read(call, warnings);
        checkName(incoming, write);
        if (mayCreate(write)) {
            call.require("create");
            answers.object(call, 201, creator.create(incoming, write), warnings);
            return;
        }
        answers.object(call, 200, updater.update(write, replacement(incoming)), warnings);
    }

    /// Puts `incoming` in the place of whatever is there, or only of the version that it names. An attempt uses up the
    /// document: with a version a second one can only be refused, without one it needs a fresh copy.
    private static Updater.Change replacement(ObjectNode incoming) {
        var version = Meta.of(incoming).resourceVersion();
        return version.isEmpty()
                ? stored -> incoming.deepCopy()
                : stored -> {
                    Meta.of(incoming).put("resourceVersion", version);
                    return incoming;
                };
    }

    private boolean mayCreate(Write write) throws InterruptedException {
        return resource.strategy().createsOnUpdate()
                && write.subresource().isEmpty()
                && resource.shelf().newest(write.namespace(), write.name()).isEmpty();
    }

    static void checkName(ObjectNode incoming, Write write) {
        var meta = Meta.of(incoming);
        if (meta.name().isEmpty()) {
            meta.put("name", write.name());
        } else if (!meta.name().equals(write.name())) {
            throw ApiException.badRequest("the name of the object (" + meta.name()
                    + ") does not match the name on the URL (" + write.name() + ")");
        }
        Creator.placeInNamespace(meta, write.namespace());
    }

    void patch(Call call) throws IOException, InterruptedException {
        if (Applier.isApply(call)) {
            new Applier(this).apply(call);
            return;
        }
        var warnings = warnings();
        var patcher = Patcher.of(call);
        var schema = definition().schema();
        byte[] json = updater.update(write(call, warnings), stored -> {
            var patched = patcher.apply(schema, resource.forms().toServed(stored.deepCopy()));
            patcher.complete(schema, patched, warnings);
            return resource.forms().toRuled(patched);
        });
        answers.object(call, 200, json, warnings);
    }

    private void delete(Call call) throws IOException, InterruptedException {
        var options = DeleteOptions.of(call);
        var warnings = warnings();
        var info = call.info();
        var write =
                new Write(call.user(), namespace(call), info.name(), info.subresource(), options.dryRun(), warnings);
        answerDeleted(call, deleter.delete(write, options), options, warnings);
    }

    private void answerDeleted(Call call, Deleter.Deleted deleted, DeleteOptions options, Warnings warnings)
            throws IOException {
        if (!deleted.gone() || resource.strategy().showsDeleted()) {
            boolean cascading =
                    options.orphanDependents().map(orphan -> !orphan).orElse(false);
            int status = !deleted.gone() && cascading ? 202 : 200;
            Answers.document(call, status, resource.forms().toServed(deleted.object()), warnings);
            return;
        }
        var meta = Meta.of(deleted.object());
        var resourceName = resource.definition().groupResource();
        var details = Status.Details.of(meta.name(), resourceName.group(), resourceName.resource())
                .uid(meta.uid());
        Answers.document(call, 200, Status.success(details).document(), warnings);
    }

    private void deleteCollection(Call call) throws IOException, InterruptedException {
        var options = DeleteOptions.of(call);
        var found = lister.list(namespace(call), options(call, false));
        var deleted = new ArrayList<CachedObject>();
        var warnings = warnings();
        for (var object : found.items()) {
            var write = new Write(call.user(), object.namespace(), object.name(), "", options.dryRun(), warnings);
            try {
                deleter.delete(write, options);
                deleted.add(object);
            } catch (ApiException refusal) {
                if (refusal.status().code() != 404) {
                    throw refusal;
                }
            }
        }
        var result = new Lister.Result(deleted, found.revision(), found.next(), found.remaining());
        answers.list(call, result, warnings);
    }
}
