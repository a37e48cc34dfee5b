package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.strategy.LabelRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.GroupVersionKind;
import java.io.IOException;
import java.util.Optional;

/// `deployments/rollback` of the first versions: notes the wish to go back to an earlier revision, which the controller
/// carries out. Source: extensions/v1beta1 API reference, DeploymentRollback.
final class RollbackSubresource implements Subresources.Subresource {
    /// Where the later versions keep `spec.rollbackTo`.
    private static final String ROLLBACK = "deprecated.deployment.rollback.to";

    private final Endpoint endpoint;

    RollbackSubresource(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(Call call) throws IOException, InterruptedException {
        var kind = endpoint.resource().served().groupVersion().kind("DeploymentRollback");
        var rollback = BodyReader.decode(call, kind).document();
        var name = call.info().name();
        check(rollback, kind);
        if (!rollback.path("name").asText().equals(name)) {
            throw ApiException.badRequest("name in URL does not match name in DeploymentRollback object");
        }
        var warnings = new Warnings();
        var write = endpoint.write(call, warnings).by("");
        endpoint.admitCreate(write, kind, rollback);
        endpoint.updater().update(write, present -> wished(present, rollback), Updater.OPEN);
        var message = "rollback request for deployment \"" + name + "\" succeeded";
        var status = new Status(true, 200, Reason.UNKNOWN, message, Optional.empty());
        Answers.document(call, 201, status.document().put("code", status.code()), warnings);
    }

    private static ObjectNode wished(ObjectNode present, ObjectNode rollback) {
        var stored = present.deepCopy();
        Meta.of(stored).remove("resourceVersion"); // whoever is faster only changes what is tried again
        var annotations = stored.withObject("/metadata/annotations");
        rollback.path("updatedAnnotations")
                .properties()
                .forEach(annotation -> annotations.set(annotation.getKey(), annotation.getValue()));
        annotations.put(ROLLBACK, Long.toString(revision(rollback)));
        return stored;
    }

    private static void check(ObjectNode rollback, GroupVersionKind kind) {
        var problems = new Problems();
        LabelRules.checkAnnotations("updatedAnnotations", rollback.path("updatedAnnotations"), problems);
        var name = rollback.path("name").asText("");
        if (name.isEmpty()) {
            problems.required("name", "name is required");
        }
        problems.notNegative("rollback.version", revision(rollback));
        if (!problems.isEmpty()) {
            throw ApiException.invalid(
                    new GroupVersionKind("apps", kind.version(), kind.kind()), name, problems.found());
        }
    }

    private static long revision(JsonNode rollback) {
        return rollback.path("rollbackTo").path("revision").asLong();
    }
}
