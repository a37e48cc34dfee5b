package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionNotes;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.admission.Reinvocation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.audit.AuditAnnotations;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.util.Optional;

/// One resource with what belongs to it. Any thread.
///
/// @param definition the version that the rules are written for, see [Forms]
record Resource(ResourceDefinition definition, Strategy strategy, Shelf shelf, Forms forms) {

    Resource(Strategy strategy, Shelf shelf, Forms forms) {
        this(forms.ruled(), strategy, shelf, forms);
    }

    /// The version that the request is in.
    ResourceDefinition served() {
        return forms.served();
    }

    ApiException notFound(String name) {
        return ApiException.notFound(definition.groupResource(), name);
    }

    ApiException modified(String name) {
        return ApiException.modified(definition.groupResource(), name);
    }

    ApiException conflict(String name, String why) {
        return ApiException.conflict(definition.groupResource(), name, why);
    }

    void refuseIfAny(Problems problems, String name) {
        if (!problems.isEmpty()) {
            throw ApiException.invalid(definition.groupVersionKind(), name, problems.found());
        }
    }

    AdmissionRequest admission(
            Operation operation, Write write, Optional<ObjectNode> object, Optional<ObjectNode> stored) {
        var kind = operation == Operation.CREATE ? "CreateOptions" : "UpdateOptions";
        var options = Documents.object().put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
        options.setAll(write.options());
        return admission(operation, write, object, stored, options);
    }

    AdmissionRequest admission(
            Operation operation,
            Write write,
            Optional<ObjectNode> object,
            Optional<ObjectNode> stored,
            ObjectNode options) {
        return new AdmissionRequest(
                operation,
                definition,
                served(),
                definition.groupVersionKind(),
                write.subresource(),
                write.namespace(),
                write.name(),
                object,
                stored,
                write.user(),
                write.dryRun(),
                options,
                new AdmissionNotes(write.warnings()::add, AuditAnnotations::add),
                new Reinvocation());
    }
}
