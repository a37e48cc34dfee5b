package dev.kapal.apiserver.admission;

import dev.kapal.apiserver.admission.podsecurity.PodSecurityConfig;
import java.util.List;
import java.util.Set;

/// Which plugins are on: those of upstream's default, and what the flags say.
///
/// @param enabled beyond the default
/// @param disabled although in the default
/// @param podSecurity what holds for pods of the whole cluster
/// @param patience how long pods stay on a node that is lost, if they do not say
public record AdmissionChoice(
        Set<String> enabled, Set<String> disabled, PodSecurityConfig podSecurity, Patience patience) {
    public static final AdmissionChoice DEFAULT = new AdmissionChoice(Set.of(), Set.of());

    /// Known and off unless enabled.
    private static final Set<String> OFF = Set.of(
            "AlwaysDeny",
            "AlwaysPullImages",
            "DenyServiceExternalIPs",
            "ExtendedResourceToleration",
            "LimitPodHardAntiAffinityTopology",
            "OwnerReferencesPermissionEnforcement",
            "PodNodeSelector");

    /// In upstream's order.
    static final List<String> DEFAULT_ON = List.of(
            "NamespaceLifecycle",
            "LimitRanger",
            "ServiceAccount",
            "NodeRestriction",
            "TaintNodesByCondition",
            "PodSecurity",
            "Priority",
            "DefaultTolerationSeconds",
            "DefaultStorageClass",
            "StorageObjectInUseProtection",
            "PersistentVolumeClaimResize",
            "RuntimeClass",
            "CertificateApproval",
            "CertificateSigning",
            "ClusterTrustBundleAttest",
            "CertificateSubjectRestriction",
            "DefaultIngressClass",
            "PodTopologyLabels", // known, but without its feature, which is off, it does nothing
            "MutatingAdmissionPolicy",
            "MutatingAdmissionWebhook",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionWebhook",
            "ResourceQuota");

    /// In seconds.
    public record Patience(long notReady, long unreachable) {
        public static final Patience DEFAULT = new Patience(300, 300);
    }

    /// With everything as labels say.
    public AdmissionChoice(Set<String> enabled, Set<String> disabled) {
        this(enabled, disabled, PodSecurityConfig.NONE, Patience.DEFAULT);
    }

    /// @throws IllegalArgumentException for a name that no plugin has, or one that is on both lists
    public AdmissionChoice {
        enabled = Set.copyOf(enabled);
        disabled = Set.copyOf(disabled);
        for (var name : enabled) {
            requireKnown("enable-admission-plugins", name);
            if (disabled.contains(name)) {
                throw new IllegalArgumentException(
                        name + " in enable-admission-plugins and disable-admission-plugins overlapped");
            }
        }
        disabled.forEach(name -> requireKnown("disable-admission-plugins", name));
    }

    boolean isOn(String name) {
        return !disabled.contains(name) && (!OFF.contains(name) || enabled.contains(name));
    }

    private static void requireKnown(String flag, String name) {
        if (!DEFAULT_ON.contains(name) && !OFF.contains(name)) {
            throw new IllegalArgumentException(flag + " plugin \"" + name + "\" is unknown");
        }
    }
}
