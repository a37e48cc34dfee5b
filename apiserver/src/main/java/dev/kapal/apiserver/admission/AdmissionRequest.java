package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.ResourceDefinition;
import java.util.Optional;

/// One write that asks to be admitted. Used by the thread of the request.
///
/// @param definition the version in which `object` and `stored` are
/// @param requested the version in which the client asked; `conversion()` leads to it and to all others
/// @param subresource empty for the object itself
/// @param name empty while a name is yet to be generated
/// @param object the new object, to be changed in place; empty for a delete
/// @param stored the object before the write; empty for a create
public record AdmissionRequest(
        Operation operation,
        ResourceDefinition definition,
        ResourceDefinition requested,
        String subresource,
        String namespace,
        String name,
        Optional<ObjectNode> object,
        Optional<ObjectNode> stored,
        User user,
        boolean dryRun) {

    /// What is done to the object.
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE
    }

    /// Whether this is about the resource itself (not a subresource) of the core group.
    public boolean isCore(String plural) {
        return subresource.isEmpty() && isCoreOrBelow(plural);
    }

    /// As [#isCore], or about one of its subresources.
    public boolean isCoreOrBelow(String plural) {
        return definition.groupVersion().group().isEmpty()
                && definition.plural().equals(plural);
    }

    public boolean isCreate() {
        return operation == Operation.CREATE;
    }

    public ApiException forbidden(String why) {
        return ApiException.forbidden(definition.groupResource(), name, why);
    }
}
