package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.strategy.PodConditions;
import dev.kapal.model.GroupVersionKind;
import java.io.IOException;
import java.util.Optional;

/// `pods/eviction`: a delete that says so on the pod, with the leave of the pod's disruption budget.
final class EvictionSubresource implements Subresources.Subresource {
    private static final GroupVersionKind KIND = new GroupVersionKind("policy", "v1", "Eviction");

    private final Endpoint endpoint;
    private final Optional<DisruptionBudgets> budgets;

    /// @param budgets empty in a server without such a kind
    EvictionSubresource(Endpoint endpoint, Optional<DisruptionBudgets> budgets) {
        this.endpoint = endpoint;
        this.budgets = budgets;
    }

    @Override
    public void handle(Call call) throws IOException, InterruptedException {
        var eviction = BodyReader.decode(call, KIND).document();
        var name = call.info().name();
        var named = Meta.of(eviction).name();
        if (!named.isEmpty() && !named.equals(name)) {
            throw ApiException.badRequest("name in URL does not match name in Eviction object");
        }
        var warnings = new Warnings();
        var write = endpoint.write(call, warnings);
        var options = eviction.get("deleteOptions") instanceof ObjectNode given
                ? DeleteOptions.of(given, write.dryRun())
                : DeleteOptions.NONE;
        if (options.dryRun()) {
            write = write.dry();
        }
        endpoint.admitCreate(write, KIND, eviction);
        var pod = endpoint.resource().forms().read(endpoint.find(call));
        if (!isOver(pod)) {
            if (budgets.isPresent()) {
                budgets.get().take(pod, write);
            }
            endpoint.updater().update(write.by(""), this::evicting, Updater.OPEN);
        }
        endpoint.deleter().delete(write, options, admittedAsEviction -> {});
        var status = new Status(true, 201, Reason.UNKNOWN, "", Optional.empty());
        Answers.document(call, 201, status.document(), warnings);
    }

    private ObjectNode evicting(ObjectNode present) {
        var stored = present.deepCopy();
        PodConditions.set(
                stored,
                "DisruptionTarget",
                "True",
                "EvictionByEvictionAPI",
                "Eviction API: evicting",
                endpoint.time().instant());
        Meta.of(stored).remove("resourceVersion");
        return stored;
    }

    private static boolean isOver(ObjectNode pod) {
        var phase = pod.path("status").path("phase").asText("");
        return phase.equals("Succeeded")
                || phase.equals("Failed")
                || phase.equals("Pending")
                        && pod.path("spec").path("nodeName").asText("").isEmpty()
                || Meta.of(pod).isDeleting();
    }
}
