package dev.kapal.apiserver.admission.optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import java.util.HashSet;
import java.util.Set;

/// Who gives an object an owner can have it deleted, and who blocks the owner's deletion can keep it: both are for
/// those who may do so directly. Any thread.
public final class OwnerReferences implements AdmissionPlugin.Validating {
    private final ResourceRegistry registry;
    private final Authorizer authorizer;

    public OwnerReferences(ResourceRegistry registry, Authorizer authorizer) {
        this.registry = registry;
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "OwnerReferencesPermissionEnforcement";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        boolean writes = request.isCreate() || request.isUpdate();
        if (!writes || request.object().isEmpty() || isStatusOfPod(request)) {
            return;
        }
        var next = owners(request.object().get());
        var before = request.stored().map(OwnerReferences::owners);
        if (before.isPresent() ? next.equals(before.get()) : next.isEmpty()) {
            return;
        }
        if (request.isUpdate()) {
            requireDeletable(request);
        }
        var blocking = before.map(OwnerReferences::blocking).orElse(Set.of());
        for (var owner : next) {
            if (owner.path("blockOwnerDeletion").asBoolean()
                    && !blocking.contains(owner.path("uid").asText())) {
                requireFinalizable(request, owner);
            }
        }
    }

    private static boolean isStatusOfPod(AdmissionRequest request) {
        return request.isCoreOrBelow("pods") && request.subresource().equals("status");
    }

    private static JsonNode owners(JsonNode object) {
        return object.path("metadata").path("ownerReferences");
    }

    /// The uids of the owners that wait for the object to go.
    private static Set<String> blocking(JsonNode owners) {
        var uids = new HashSet<String>();
        for (var owner : owners) {
            if (owner.path("blockOwnerDeletion").asBoolean()) {
                uids.add(owner.path("uid").asText());
            }
        }
        return uids;
    }

    private void requireDeletable(AdmissionRequest request) throws InterruptedException {
        var resource = request.definition().groupVersionResource();
        var asked = RequestInfo.resource(
                "delete",
                resource.group(),
                resource.version(),
                request.namespace(),
                resource.resource(),
                request.subresource(),
                request.name());
        require(request, asked, "cannot set an ownerRef on a resource you can't delete");
    }

    private void requireFinalizable(AdmissionRequest request, JsonNode owner) throws InterruptedException {
        var apiVersion = owner.path("apiVersion").asText();
        var kind = owner.path("kind").asText();
        var definition = registry.find(GroupVersion.parse(apiVersion).kind(kind));
        if (definition.isEmpty()) {
            throw request.forbidden("cannot set blockOwnerDeletion in this case because cannot find RESTMapping for"
                    + " APIVersion " + apiVersion + " Kind " + kind + ": no matches for kind \"" + kind
                    + "\" in version \"" + apiVersion + "\"");
        }
        var resource = definition.get().groupVersionResource();
        var asked = RequestInfo.resource(
                "update",
                resource.group(),
                resource.version(),
                definition.get().namespaced() ? request.namespace() : "",
                resource.resource(),
                "finalizers",
                owner.path("name").asText());
        require(
                request,
                asked,
                "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on");
    }

    private void require(AdmissionRequest request, RequestInfo asked, String why) throws InterruptedException {
        var decision = authorizer.decide(request.user(), asked);
        if (!decision.allowed()) {
            throw request.forbidden(
                    why + ": " + decision.reason() + ", " + (decision.error().isEmpty() ? "<nil>" : decision.error()));
        }
    }
}
