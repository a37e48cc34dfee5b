package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.ResourceDefinition;
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
        return new AdmissionRequest(
                operation,
                definition,
                served(),
                write.subresource(),
                write.namespace(),
                write.name(),
                object,
                stored,
                write.user(),
                write.dryRun());
    }
}
