package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.SelectorText;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ScalePaths;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.Subresource;
import dev.kapal.model.apply.ApplyException;
import dev.kapal.model.apply.FieldManagement;
import dev.kapal.model.apply.Ownership;
import dev.kapal.model.apply.Writer;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.GoNames;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/// `/scale`: the number of replicas as an `autoscaling/v1` `Scale`.
final class ScaleSubresource implements Subresources.Subresource {
    private static final GroupVersionKind KIND = new GroupVersionKind("autoscaling", "v1", "Scale");

    private static final String SCALE = "io.k8s.api.autoscaling.v1.Scale";

    private static final ScalePaths USUAL = new ScalePaths(".spec.replicas", ".status.replicas", "");

    private final Endpoint endpoint;

    ScaleSubresource(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(Call call) throws IOException, InterruptedException {
        switch (call.info().verb()) {
            case "get" -> answer(call, endpoint.resource().forms().read(endpoint.find(call)), new Warnings());
            case "update" -> {
                var incoming = BodyReader.decode(call, KIND).document();
                change(call, stored -> incoming);
            }
            case "patch" -> {
                if (Applier.isApply(call)) {
                    apply(call);
                    return;
                }
                var patcher = Patcher.of(call);
                var schema = endpoint.resource().served().schema();
                change(call, scale -> patcher.apply(schema, scale));
            }
            default -> throw ApiException.methodNotAllowed();
        }
    }

    /// @param next makes the wanted scale out of the present one
    private void change(Call call, UnaryOperator<ObjectNode> next) throws IOException, InterruptedException {
        var write = endpoint.write(call, new Warnings());
        change(call, write, next, (present, stored) -> {});
    }

    /// Applies a scale: its replicas are those of the object, and so is their owner.
    private void apply(Call call) throws IOException, InterruptedException {
        var options = WriteOptions.ofApply(call);
        var warnings = new Warnings();
        var config = Applier.read(call, FieldValidation.of(call), warnings);
        Applier.checkKind(config, KIND);
        var write = endpoint.write(call, options, warnings);
        SchemaLibrary.builtIn().find(SCALE).ifPresent(schema -> {
            var problems = FieldManagement.problems(schema, config);
            if (!problems.isEmpty()) {
                throw Applier.failed("failed to create typed patch object ("
                        + Applier.shownName(config, write.namespace(), KIND) + "): " + problems);
            }
        });
        var replicas = config.path("spec").get("replicas");
        change(
                call,
                write.by(""),
                scale -> {
                    if (replicas != null) {
                        ((ObjectNode) scale.get("spec")).set("replicas", replicas);
                    }
                    return scale;
                },
                (present, stored) -> FieldOwners.put(stored, owners(present, replicas, options, write)));
    }

    private Ownership owners(ObjectNode present, JsonNode replicas, WriteOptions options, Write write) {
        var owners = endpoint.updater().owners();
        var kind = endpoint.resource().served().groupVersionKind();
        var config = Documents.object().put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        if (replicas != null) {
            ScalePaths.put(config, paths().specReplicas(), replicas.asInt());
        }
        var live = endpoint.resource().forms().toServed(present.deepCopy());
        try {
            return owners.management(write.subresource())
                    .apply(
                            Optional.of(live),
                            config,
                            FieldOwners.of(present),
                            Writer.applying(write.manager(), write.subresource()),
                            options.force(),
                            owners.now(),
                            write.name())
                    .ownership();
        } catch (ApplyException.Conflicted conflicted) {
            throw Applier.conflict(conflicted.shownIn(KIND.apiVersion(), path -> USUAL.specReplicas()));
        }
    }

    /// @param also what else changes in the object, given as it was and as it will be
    private void change(Call call, Write write, UnaryOperator<ObjectNode> next, BiConsumer<ObjectNode, ObjectNode> also)
            throws IOException, InterruptedException {
        var gate = new Gate(write);
        byte[] json = endpoint.updater()
                .update(
                        write,
                        present -> {
                            var stored = present.deepCopy();
                            var scale = next.apply(scaleOf(stored));
                            gate.mutateScale(scale, present);
                            check(call, scale);
                            var meta = Meta.of(stored);
                            var version = Meta.of(scale).resourceVersion();
                            if (!version.isEmpty()) {
                                meta.put("resourceVersion", version);
                            }
                            ScalePaths.put(
                                    stored,
                                    paths().specReplicas(),
                                    scale.path("spec").path("replicas").asInt(0));
                            also.accept(present, stored);
                            return stored;
                        },
                        gate);
        answer(call, endpoint.resource().forms().read(json), write.warnings());
    }

    /// Shows plugins the scale before and after, not the object that it belongs to.
    private final class Gate implements Updater.Gate {
        private final Write write;

        Gate(Write write) {
            this.write = write;
        }

        private AdmissionRequest request(ObjectNode scale, ObjectNode stored) {
            var next = Optional.of(scale);
            var before = Optional.of(scaleOf(stored));
            return endpoint.resource()
                    .admission(Operation.UPDATE, write, next, before)
                    .about(KIND, next, before);
        }

        /// Called while the change is made, with the scale that the client wants.
        void mutateScale(ObjectNode scale, ObjectNode stored) throws InterruptedException {
            endpoint.updater().admission().mutate(request(scale, stored));
        }

        @Override
        public void mutate(ObjectNode incoming, ObjectNode stored) {
            // done by mutateScale
        }

        @Override
        public void validate(ObjectNode incoming, ObjectNode stored) throws InterruptedException {
            endpoint.updater().admission().validate(request(scaleOf(incoming), stored));
        }
    }

    private static void check(Call call, ObjectNode scale) {
        var name = Meta.of(scale).name();
        if (!name.isEmpty() && !name.equals(call.info().name())) {
            throw ApiException.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                    + call.info().name() + ")");
        }
        var kind = scale.path("kind").asText(KIND.kind());
        if (!kind.equals(KIND.kind())) {
            throw ApiException.badRequest("expected Scale, got " + kind);
        }
        JsonNode replicas = scale.path("spec").path("replicas");
        if (!replicas.isMissingNode() && !replicas.isIntegralNumber()) {
            throw ApiException.badRequest(
                    "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal "
                            + GoNames.ofValue(replicas)
                            + " into Go struct field ScaleSpec.spec.replicas of type int32");
        }
        var problems = new Problems();
        problems.notNegative("spec.replicas", replicas.asLong(0));
        if (!problems.isEmpty()) {
            throw ApiException.invalid(KIND, call.info().name(), problems.found());
        }
    }

    private ScalePaths paths() {
        return endpoint.resource()
                .definition()
                .subresource("scale")
                .flatMap(Subresource::scale)
                .orElse(USUAL);
    }

    private void answer(Call call, ObjectNode object, Warnings warnings) throws IOException {
        var scale = scaleOf(object);
        var kind =
                endpoint.resource().served().subresource("scale").orElseThrow().kind();
        if (!kind.equals(KIND)) {
            inFirstVersion(scale, kind, object.path("spec").path("selector"));
        }
        endpoint.answers().scale(call, scale, warnings);
    }

    /// A scale of the first versions shows the selector as a map, and as text what a map cannot say.
    private static void inFirstVersion(ObjectNode scale, GroupVersionKind kind, JsonNode selector) {
        scale.put("apiVersion", kind.apiVersion());
        var status = (ObjectNode) scale.get("status");
        status.set("targetSelector", status.remove("selector"));
        if (selector.path("matchExpressions").isEmpty() && selector.has("matchLabels")) {
            status.set("selector", selector.get("matchLabels").deepCopy());
        }
    }

    private ObjectNode scaleOf(ObjectNode object) {
        var paths = paths();
        var wanted = ScalePaths.find(object, paths.specReplicas());
        if (paths != USUAL && wanted.isMissingNode()) {
            throw ApiException.internal("the spec replicas field \"" + paths.specReplicas() + "\" does not exist");
        }
        var scale = Documents.object().put("kind", KIND.kind()).put("apiVersion", KIND.apiVersion());
        var metadata = scale.putObject("metadata");
        for (var field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            if (object.path("metadata").has(field)) {
                metadata.set(field, object.path("metadata").get(field));
            }
        }
        scale.putObject("spec").put("replicas", wanted.asInt(0));
        var status = scale.putObject("status")
                .put("replicas", ScalePaths.find(object, paths.statusReplicas()).asInt(0));
        var selector = selector(object, paths);
        if (!selector.isEmpty() || paths == USUAL) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static String selector(ObjectNode object, ScalePaths paths) {
        if (paths == USUAL) {
            return SelectorText.of(object.path("spec").path("selector"));
        }
        return paths.labelSelector().isEmpty()
                ? ""
                : ScalePaths.find(object, paths.labelSelector()).asText("");
    }
}
