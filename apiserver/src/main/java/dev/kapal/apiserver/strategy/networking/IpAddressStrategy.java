package dev.kapal.apiserver.strategy.networking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AddressForm;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ServiceRanges;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An address that is taken, named after itself, and what took it. Source: API reference, networking.k8s.io/v1,
/// IPAddress.
final class IpAddressStrategy implements Strategy {
    private static final String PARENT = "spec.parentRef";
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String ALLOCATOR = "ipallocator.k8s.io";

    @Override
    public List<String> nameProblems(String name) {
        return AddressForm.ipProblems(name);
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var parent = candidate.path("spec").path("parentRef");
        if (parent.isObject()) {
            checkParent(parent, problems);
        } else {
            problems.required(PARENT, "");
        }
        stored.ifPresent(before -> {
            if (!parent.equals(before.path("spec").path("parentRef"))) {
                var shown = parent.isObject() ? GoStruct.of(parent, "Group", "Resource", "Namespace", "Name") : null;
                problems.invalid(PARENT, shown, Problems.IMMUTABLE);
            }
        });
    }

    private static void checkParent(JsonNode parent, Problems problems) {
        var group = parent.path("group").asText("");
        if (!group.isEmpty()) { // services have none
            problems.invalid(PARENT + ".group", group, Names.dns1123Subdomain(group));
        }
        for (var field : List.of("resource", "name", "namespace")) {
            var text = parent.path(field).asText("");
            if (!text.isEmpty()) {
                problems.invalid(PARENT + "." + field, text, Names.pathSegment(text));
            } else if (!field.equals("namespace")) {
                problems.required(PARENT + "." + field, "");
            }
        }
    }

    /// Readable to the allocator, not to selectors: what was written down for a service says nothing that the service
    /// does not say itself.
    @Override
    public Map<String, String> fields(ObjectNode address) {
        var manager = address.path("metadata").path("labels").path(MANAGED_BY).asText("");
        var parent = address.path("spec").path("parentRef");
        boolean service = parent.path("resource").asText("").equals("services")
                && parent.path("group").asText("").isEmpty();
        return manager.equals(ALLOCATOR) && service ? Map.of() : Map.of(ServiceRanges.RESERVED, "true");
    }
}
