package dev.kapal.apiserver.strategy.registration;

import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupResource;
import java.util.Map;

/// The strategies of this package.
public final class RegistrationKinds {
    private static final String GROUP = "admissionregistration.k8s.io";

    private RegistrationKinds() {}

    public static Map<GroupResource, Strategy> strategies() {
        return Map.of(
                new GroupResource(GROUP, "mutatingwebhookconfigurations"), new WebhookConfigurationStrategy(true),
                new GroupResource(GROUP, "validatingwebhookconfigurations"), new WebhookConfigurationStrategy(false),
                new GroupResource(GROUP, "validatingadmissionpolicies"), new PolicyStrategy(false),
                new GroupResource(GROUP, "mutatingadmissionpolicies"), new PolicyStrategy(true),
                new GroupResource(GROUP, "validatingadmissionpolicybindings"), new BindingStrategy(true),
                new GroupResource(GROUP, "mutatingadmissionpolicybindings"), new BindingStrategy(false));
    }
}
