package dev.kapal.apiserver.registry;

import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// A version in which a built-in kind is served.
///
/// @param file has an object of the kind, maybe in another version
record KindVersion(ResourceDefinition definition, KindFile file) {
    private static final ResourceRegistry REGISTRY = ResourceRegistry.builtIn();

    /// All whose objects are kept and can be watched, those among them that upstream no longer serves.
    static List<KindVersion> all() {
        var files = KindFile.all();
        return REGISTRY.all().stream()
                .filter(definition -> definition.verbs().containsAll(Set.of("create", "watch")))
                .map(definition -> new KindVersion(definition, file(files, definition)))
                .toList();
    }

    private static KindFile file(List<KindFile> files, ResourceDefinition definition) {
        var wanted = definition.storage().groupResource();
        return files.stream()
                .filter(file -> stored(file).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no file for " + wanted));
    }

    /// Under which name the objects of a file are stored.
    private static GroupResource stored(KindFile file) {
        var parts = file.path().replace("/namespaces/default/", "/").split("/");
        var resource = parts[1].equals("api")
                ? new GroupVersionResource("", parts[2], parts[3])
                : new GroupVersionResource(parts[2], parts[3], parts[4]);
        return REGISTRY.find(resource).orElseThrow().storage().groupResource();
    }

    String path() {
        var version = definition.groupVersion();
        return (version.group().isEmpty() ? "/api/" : "/apis/")
                + version.apiVersion()
                + (definition.namespaced() ? "/namespaces/default/" : "/")
                + definition.plural();
    }

    /// Creates an object of the kind; comes back when the server has added what it adds by itself.
    Created create(Api api) {
        return create(api, "formed", 1);
    }

    /// As [#create(Api)], where others have been created.
    Created create(Api api, String name, int number) {
        var answer = api.post(file.path(), Documents.text(file.object(name, number)));
        var created = new Created(this, answer.is(201).at("metadata.name"));
        try (var watch = api.watch(created.watch())) {
            while (!KindFile.isComplete(watch.next().path("object"))) {}
        }
        return created;
    }

    /// An object that is there.
    record Created(KindVersion version, String name) {
        String path() {
            return version.path() + "/" + name;
        }

        /// A list of it alone.
        String list() {
            return version.path() + "?fieldSelector=metadata.name%3D" + name;
        }

        /// Tells what is there, sends a bookmark, and goes on with what happens.
        String watch() {
            return list() + "&watch=true&allowWatchBookmarks=true&sendInitialEvents=true"
                    + "&resourceVersionMatch=NotOlderThan";
        }

        /// Takes it away, so that others are not concerned by it.
        void delete(Api api) {
            api.delete(path(), "{\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}");
        }

        /// Changes it a little.
        void touch(Api api) {
            api.patch(
                            path(),
                            "merge-patch",
                            "{\"metadata\":{\"annotations\":{\"touched\":\"" + UUID.randomUUID() + "\"}}}")
                    .is(200);
        }
    }

    @Override
    public String toString() {
        return path();
    }
}
