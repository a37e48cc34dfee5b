package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.strategy.PodConditions;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// `pods/binding`: puts a pod on a node, once.
final class BindingSubresource implements Subresources.Subresource {
    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "Binding");
    private static final GroupResource RESOURCE = new GroupResource("", "pods/binding");

    private final Endpoint endpoint;

    BindingSubresource(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(Call call) throws IOException, InterruptedException {
        bind(call, call.info().name(), BodyReader.decode(call, KIND).document());
    }

    /// The old form: a Binding that is posted by itself and names its pod.
    void create(Call call) throws IOException, InterruptedException {
        if (!call.info().verb().equals("create")) {
            throw ApiException.methodNotAllowed();
        }
        var binding = BodyReader.decode(call, KIND).document();
        bind(call, Meta.of(binding).name(), binding);
    }

    /// @param name of the pod
    private void bind(Call call, String name, ObjectNode binding) throws IOException, InterruptedException {
        check(binding, name);
        var warnings = new Warnings();
        var write = endpoint.write(call, warnings).through("binding").named(name);
        endpoint.admitCreate(write, KIND, binding);
        var wanted = Meta.of(binding);
        var node = binding.path("target").path("name").asText();
        endpoint.updater()
                .update(
                        write,
                        present -> {
                            var stored = present.deepCopy();
                            assign(stored, node, name);
                            var meta = Meta.of(stored);
                            meta.remove("resourceVersion"); // whoever is faster only changes what is tried again
                            if (!wanted.uid().isEmpty()) {
                                meta.put("uid", wanted.uid());
                            }
                            merge(wanted, "labels", meta);
                            merge(wanted, "annotations", meta);
                            return stored;
                        },
                        Updater.OPEN);
        var status = new Status(true, 201, Reason.UNKNOWN, "", Optional.empty());
        Answers.document(call, 201, status.document(), warnings);
    }

    private void assign(ObjectNode pod, String node, String name) {
        var meta = Meta.of(pod);
        var spec = (ObjectNode) pod.get("spec");
        if (meta.isDeleting()) {
            throw ApiException.conflict(
                    RESOURCE, name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        var present = spec.path("nodeName").asText("");
        if (!present.isEmpty()) {
            throw ApiException.conflict(
                    RESOURCE, name, "pod " + name + " is already assigned to node \"" + present + "\"");
        }
        if (!spec.path("schedulingGates").isEmpty()) {
            throw ApiException.conflict(RESOURCE, name, "pod " + name + " has non-empty .spec.schedulingGates");
        }
        spec.put("nodeName", node);
        PodConditions.set(pod, "PodScheduled", "True", "", "", endpoint.time().instant());
    }

    private static void check(ObjectNode binding, String name) {
        var problems = new Problems();
        var kind = binding.path("target").path("kind").asText("");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            problems.notSupported("target.kind", kind, List.of("Node", "<empty>"));
        }
        if (binding.path("target").path("name").asText("").isEmpty()) {
            problems.required("target.name", "");
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(KIND, name, problems.found());
        }
        var named = Meta.of(binding).name();
        if (!named.isEmpty() && !named.equals(name)) {
            throw ApiException.badRequest("name in URL does not match name in Binding object");
        }
    }

    private static void merge(Meta from, String field, Meta to) {
        if (from.node().get(field) instanceof ObjectNode values) {
            var merged = to.node().get(field) instanceof ObjectNode present ? present : Documents.object();
            merged.setAll(values);
            to.node().set(field, merged);
        }
    }
}
