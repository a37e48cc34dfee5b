package dev.kapal.apiserver.admission.optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import java.util.HashSet;
import java.util.Set;

/// Lets no Service claim an address of the outside world; those that have one may keep it.
public final class DenyServiceExternalIPs implements AdmissionPlugin.Validating {
    @Override
    public String name() {
        return "DenyServiceExternalIPs";
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!request.isCore("services") || request.object().isEmpty()) {
            return;
        }
        var before = addresses(request.stored().<JsonNode>map(s -> s).orElse(NullNode.instance));
        if (!before.containsAll(addresses(request.object().get()))) {
            throw request.forbidden("Use of external IPs is denied by admission control.");
        }
    }

    private static Set<String> addresses(JsonNode service) {
        var addresses = new HashSet<String>();
        service.path("spec").path("externalIPs").forEach(address -> addresses.add(address.asText()));
        return addresses;
    }
}
