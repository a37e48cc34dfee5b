package dev.kapal.apiserver.admission;

import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionResource;
import java.util.List;
import java.util.Set;

/// New objects need a namespace that is there and not on its way out; the system's namespaces cannot be deleted.
final class NamespaceLifecycle implements AdmissionPlugin.Mutating {
    static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");

    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
    private static final GroupResource RESOURCE = NAMESPACES.groupResource();

    private final ObjectReader objects;

    NamespaceLifecycle(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (request.isCoreOrBelow("namespaces")) {
            if (request.operation() == Operation.DELETE && IMMORTAL.contains(request.name())) {
                throw request.forbidden("this namespace may not be deleted");
            }
            return;
        }
        if (!request.isCreate() || !request.definition().namespaced()) {
            return;
        }
        var name = request.namespace();
        var namespace = objects.cached(NAMESPACES, "", name);
        if (namespace.isEmpty()) {
            throw ApiException.notFound(RESOURCE, name);
        }
        if (isTerminating(namespace.get())) {
            throw terminating(request);
        }
    }

    /// Every create asks: the selectable field is read once for each state of the namespace. Whatever marks a namespace
    /// for deletion sets the phase, too.
    private static boolean isTerminating(CachedObject namespace) {
        return namespace.field("status.phase").equals("Terminating");
    }

    private static ApiException terminating(AdmissionRequest request) {
        var namespace = request.namespace();
        var status = request.forbidden(
                        "unable to create new content in namespace " + namespace + " because it is being terminated")
                .status();
        var cause = new Status.Cause(
                "NamespaceTerminating", "namespace " + namespace + " is being terminated", "metadata.namespace");
        return new ApiException(Status.failure(
                status.code(),
                Reason.FORBIDDEN,
                status.message(),
                status.details().orElseThrow().causes(List.of(cause))));
    }
}
