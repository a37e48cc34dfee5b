package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Defaults of network policies.
final class NetworkingDefaults {
    private NetworkingDefaults() {}

    /// What a policy has rules for, it is about; and about what comes in, in any case.
    static void networkPolicySpec(ObjectNode spec) {
        if (!spec.path("policyTypes").isEmpty()) {
            return;
        }
        var types = spec.putArray("policyTypes").add("Ingress");
        if (!spec.path("egress").isEmpty()) {
            types.add("Egress");
        }
    }
}
