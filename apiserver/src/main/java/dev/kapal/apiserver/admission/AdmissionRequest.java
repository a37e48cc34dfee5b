package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import java.util.Optional;

/// One write or connection that asks to be admitted. Used by the thread of the request.
///
/// @param definition the version in which `object` and `stored` are
/// @param requested the version in which the client asked; `conversion()` leads to it and to all others
/// @param kind of the object: that of the resource, or of what a subresource takes (`Scale`, `Eviction`,
///   `PodExecOptions`)
/// @param subresource empty for the object itself
/// @param name empty while a name is yet to be generated
/// @param object the new object, to be changed in place by the mutating phase only; empty for a delete
/// @param stored the object before the write; empty for a create or a connection
/// @param options how the operation is asked for: `CreateOptions`, `UpdateOptions`, `DeleteOptions`; empty otherwise
/// @param notes what the client and the audit log should hear
/// @param reinvocation what the rounds of the mutating phase tell each other
public record AdmissionRequest(
        Operation operation,
        ResourceDefinition definition,
        ResourceDefinition requested,
        GroupVersionKind kind,
        String subresource,
        String namespace,
        String name,
        Optional<ObjectNode> object,
        Optional<ObjectNode> stored,
        User user,
        boolean dryRun,
        ObjectNode options,
        AdmissionNotes notes,
        Reinvocation reinvocation) {

    /// What is done to the object.
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE,
        CONNECT
    }

    /// The same request about another form of the object, as subresources take it.
    public AdmissionRequest about(GroupVersionKind otherKind, Optional<ObjectNode> other, Optional<ObjectNode> before) {
        return new AdmissionRequest(
                operation,
                definition,
                requested,
                otherKind,
                subresource,
                namespace,
                name,
                other,
                before,
                user,
                dryRun,
                options,
                notes,
                reinvocation);
    }

    /// Whether this is about the resource itself (not a subresource) of the core group.
    public boolean isCore(String plural) {
        return subresource.isEmpty() && isCoreOrBelow(plural);
    }

    /// As [#isCore], or about one of its subresources.
    public boolean isCoreOrBelow(String plural) {
        return isOf("", plural);
    }

    /// Whether this is about a resource or one of its subresources.
    public boolean isOf(String group, String plural) {
        return definition.groupVersion().group().equals(group)
                && definition.plural().equals(plural);
    }

    public boolean isCreate() {
        return operation == Operation.CREATE;
    }

    public boolean isUpdate() {
        return operation == Operation.UPDATE;
    }

    public boolean isDelete() {
        return operation == Operation.DELETE;
    }

    public ApiException forbidden(String why) {
        return ApiException.forbidden(definition.groupResource(), nameForMessages(), why);
    }

    /// The name, or what a name would be generated from.
    public String nameForMessages() {
        if (!name.isEmpty()) {
            return name;
        }
        if (object.isEmpty()) {
            return "Unknown";
        }
        var metadata = object.get().path("metadata");
        var given = metadata.path("name").asText("");
        return given.isEmpty() ? metadata.path("generateName").asText("Unknown") : given;
    }
}
