package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.kapal.apiserver.admission.AdmissionContext;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.expressions.RequestVariables;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds which policies, under which bindings and with which parameters, one request has to pass. Any thread.
final class Invocations {
    private static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");

    private final AdmissionContext context;
    private final Params params;

    Invocations(AdmissionContext context) {
        this.context = context;
        this.params = new Params(context.objects(), context.registry());
    }

    /// @param as the version of the resource that the policy names
    /// @param param a null node for none
    record Invocation<E>(Policy<E> policy, Binding binding, ResourceDefinition as, JsonNode param) {
        /// Policy, binding and parameter.
        String id() {
            var meta = param.path("metadata");
            return policy.name() + "/" + binding.name() + "/"
                    + meta.path("namespace").asText("") + "/"
                    + meta.path("name").asText("");
        }

        /// The values of all variables but those that the policy defines itself.
        Map<String, Object> values(AdmissionRequest request, JsonNode namespace, Authorizer authorizer) {
            var values = RequestVariables.of(View.of(request, as), authorizer);
            values.put("namespaceObject", namespace);
            values.put("params", param);
            return values;
        }
    }

    /// Why a policy could not do its work.
    ///
    /// @param binding empty when the policy itself is at fault
    record Failure(Policy<?> policy, Optional<Binding> binding, String why) {}

    <E> List<Invocation<E>> of(AdmissionRequest request, List<PolicySource.Bound<E>> policies, List<Failure> failures)
            throws InterruptedException {
        var invocations = new ArrayList<Invocation<E>>();
        for (var bound : policies) {
            var policy = bound.policy();
            try {
                var as = policy.match().of(request, context.objects(), context.registry());
                if (as.isEmpty()) {
                    continue;
                }
                for (var binding : bound.bindings()) {
                    add(request, policy, binding, as.get(), invocations, failures);
                }
            } catch (ApiException unknown) {
                failures.add(new Failure(
                        policy,
                        Optional.empty(),
                        "failed to configure policy: " + unknown.status().message()));
            }
        }
        return invocations;
    }

    private <E> void add(
            AdmissionRequest request,
            Policy<E> policy,
            Binding binding,
            ResourceDefinition as,
            List<Invocation<E>> invocations,
            List<Failure> failures)
            throws InterruptedException {
        try {
            if (binding.match().isPresent()
                    && binding.match()
                            .get()
                            .of(request, context.objects(), context.registry())
                            .isEmpty()) {
                return;
            }
            for (var param : params.of(policy, binding, request.namespace())) {
                invocations.add(new Invocation<>(policy, binding, as, param));
            }
        } catch (Params.Missing missing) {
            failures.add(
                    new Failure(policy, Optional.of(binding), "failed to configure binding: " + missing.getMessage()));
        } catch (ApiException unknown) {
            failures.add(new Failure(
                    policy,
                    Optional.of(binding),
                    "failed to configure binding: " + unknown.status().message()));
        }
    }

    /// The namespace of the request; a null node for what is in none. Throws 404.
    JsonNode namespace(AdmissionRequest request) throws InterruptedException {
        var name = request.namespace();
        if (name.isEmpty() || request.isOf("", "namespaces")) {
            return NullNode.instance;
        }
        return context.objects()
                .find(NAMESPACES, "", name)
                .orElseThrow(() -> ApiException.notFound(NAMESPACES.groupResource(), name));
    }
}
