package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.Subresource;
import dev.kapal.model.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The paths of one resource with their operations, as upstream lays them out. One thread.
final class ResourcePaths {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String STATUS = META + "Status";

    private final ResourceDefinition resource;
    private final Definitions definitions;
    private ObjectNode paths;

    ResourcePaths(ResourceDefinition resource, Definitions definitions) {
        this.resource = resource;
        this.definitions = definitions;
    }

    void addTo(ObjectNode tree) {
        paths = tree;
        String base = resource.groupVersion().path();
        String scope = resource.namespaced() ? base + "/namespaces/{namespace}" : base;
        String collection = scope + "/" + resource.plural();
        collection(collection);
        item(collection + "/{name}");
        if (resource.namespaced() && resource.allows("list")) {
            operation(
                            base + "/" + resource.plural(),
                            "get",
                            "list",
                            "list",
                            resource.kind() + "ForAllNamespaces",
                            false)
                    .query(Parameter.LIST)
                    .answers(200, list());
        }
        resource.subresources().forEach(sub -> subresource(collection + "/{name}", sub));
    }

    private void collection(String path) {
        if (resource.allows("list")) {
            operation(path, "get", "list", "list", scoped(), resource.namespaced())
                    .query(Parameter.LIST)
                    .answers(200, list());
        }
        if (resource.allows("create")) {
            operation(path, "post", "post", "create", scoped(), resource.namespaced())
                    .body(itself())
                    .query(Parameter.WRITE)
                    .answers(200, itself())
                    .answers(201, itself())
                    .answers(202, itself());
        }
        if (resource.allows("deletecollection")) {
            var query = new ArrayList<>(Parameter.LIST.subList(2, Parameter.LIST.size() - 1));
            query.addAll(Parameter.DELETE);
            operation(path, "delete", "deletecollection", "deleteCollection", scoped(), resource.namespaced())
                    .body(definitions.reference(META + "DeleteOptions"))
                    .query(query)
                    .answers(200, definitions.reference(STATUS));
        }
    }

    private void item(String path) {
        if (resource.allows("get")) {
            named(path, "get", "get", "read", "")
                    .query(List.of(Parameter.PRETTY))
                    .answers(200, itself());
        }
        if (resource.allows("update")) {
            named(path, "put", "put", "replace", "")
                    .body(itself())
                    .query(Parameter.WRITE)
                    .answers(200, itself())
                    .answers(201, itself());
        }
        if (resource.allows("patch")) {
            named(path, "patch", "patch", "patch", "")
                    .patchBody(!(resource.schema() instanceof StructuralSchema))
                    .query(Parameter.PATCH)
                    .answers(200, itself())
                    .answers(201, itself());
        }
        if (resource.allows("delete")) {
            named(path, "delete", "delete", "delete", "")
                    .body(definitions.reference(META + "DeleteOptions"))
                    .query(Parameter.DELETE)
                    .answers(200, definitions.reference(STATUS))
                    .answers(202, definitions.reference(STATUS));
        }
    }

    private void subresource(String item, Subresource sub) {
        String path = item + "/" + sub.name();
        if (sub.kind().kind().endsWith("Options")) {
            connect(path, sub);
            return;
        }
        Optional<ObjectNode> kind = sub.kind().equals(resource.groupVersionKind())
                ? Optional.of(itself())
                : definitions.reference(sub.kind());
        if (kind.isEmpty()) {
            return;
        }
        ObjectNode type = kind.get();
        String suffix = capital(sub.name());
        if (sub.verbs().contains("get")) {
            named(path, "get", "get", "read", suffix)
                    .of(sub.kind())
                    .query(List.of(Parameter.PRETTY))
                    .answers(200, type);
        }
        if (sub.verbs().contains("create")) {
            named(path, "post", "post", "create", suffix)
                    .of(sub.kind())
                    .body(type)
                    .query(Parameter.WRITE)
                    .answers(200, type)
                    .answers(201, type)
                    .answers(202, type);
        }
        if (sub.verbs().contains("update")) {
            named(path, "put", "put", "replace", suffix)
                    .of(sub.kind())
                    .body(type)
                    .query(Parameter.WRITE)
                    .answers(200, type)
                    .answers(201, type);
        }
        if (sub.verbs().contains("patch")) {
            named(path, "patch", "patch", "patch", suffix)
                    .of(sub.kind())
                    .patchBody(!(resource.schema() instanceof StructuralSchema))
                    .query(Parameter.PATCH)
                    .answers(200, type)
                    .answers(201, type);
        }
    }

    /// Verbs that hand the connection over: exec, attach, port-forward and proxy.
    private void connect(String path, Subresource sub) {
        for (String method : List.of("get", "post")) {
            if (sub.verbs().contains(method.equals("get") ? "get" : "create")) {
                named(path, method, "connect", "connect" + capital(method), capital(sub.name()))
                        .of(sub.kind())
                        .text(200);
            }
        }
    }

    private Operation named(String path, String method, String action, String verb, String suffix) {
        return operation(path, method, action, verb, scoped() + suffix, resource.namespaced())
                .inPath(Parameter.path("name", "name of the " + resource.kind()));
    }

    private Operation operation(
            String path, String method, String action, String verb, String what, boolean inNamespace) {
        var at = paths.get(path) instanceof ObjectNode known ? known : paths.putObject(path);
        var operation = new Operation(
                        at.putObject(method), definitions, resource.groupVersion(), action, verb + "/" + what)
                .of(resource.groupVersionKind());
        return inNamespace ? operation.inPath(Parameter.NAMESPACE) : operation;
    }

    private String scoped() {
        return (resource.namespaced() ? "Namespaced" : "") + resource.kind();
    }

    private ObjectNode itself() {
        return definitions.reference(resource.schema());
    }

    private ObjectNode list() {
        if (resource.schema() instanceof StructuralSchema) {
            return definitions.listReference(resource);
        }
        return definitions
                .reference(new GroupVersionKind(
                        resource.groupVersion().group(), resource.groupVersion().version(), resource.listKind()))
                .orElseGet(() -> definitions.reference(STATUS));
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
