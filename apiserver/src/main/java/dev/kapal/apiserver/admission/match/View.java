package dev.kapal.apiserver.admission.match;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import java.util.List;
import java.util.Optional;

/// A request in the version that somebody asked for. Used by one thread.
///
/// @param as the resource in that version
/// @param kind of the objects in it
public record View(
        AdmissionRequest request,
        ResourceDefinition as,
        GroupVersionKind kind,
        Optional<ObjectNode> object,
        Optional<ObjectNode> stored) {

    public static View of(AdmissionRequest request, ResourceDefinition as) {
        if (!request.kind().equals(request.definition().groupVersionKind())) {
            return new View(request, as, request.kind(), request.object(), request.stored());
        }
        return new View(
                request,
                as,
                as.groupVersionKind(),
                request.object().map(object -> convert(object, request.definition(), as)),
                request.stored().map(stored -> convert(stored, request.definition(), as)));
    }

    /// The kind in the version in which the client asked.
    public GroupVersionKind requestKind() {
        return request.kind().equals(request.definition().groupVersionKind())
                ? request.requested().groupVersionKind()
                : request.kind();
    }

    /// Takes the object of this view over into the request, converted back.
    public void adopt(ObjectNode changed) {
        var target = request.object().orElseThrow();
        var next = kind.equals(request.kind()) ? changed : convert(changed, as, request.definition());
        target.removeAll();
        target.setAll(next);
    }

    private static ObjectNode convert(ObjectNode object, ResourceDefinition from, ResourceDefinition to) {
        return from.groupVersion().equals(to.groupVersion())
                ? object
                : from.conversion()
                        .convert(List.of(object.deepCopy()), to.groupVersion())
                        .getFirst();
    }
}
