package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Defaults that depend on other fields, by type. They run before what lies within the object is defaulted.
final class DefaultRules {
    private static final String CORE = "io.k8s.api.core.v1.";
    private static final String APPS = "io.k8s.api.apps.v1.";
    private static final String DEVICES = "io.k8s.api.resource.v1.";
    private static final String RBAC = "io.k8s.api.rbac.v1.";

    /// Changes one object in place.
    private interface Rule {
        void apply(ObjectNode object);
    }

    private static final Map<String, Rule> RULES = Map.ofEntries(
            Map.entry(CORE + "Pod", PodDefaults::pod),
            Map.entry(CORE + "PodSpec", PodDefaults::podSpec),
            Map.entry(CORE + "Container", PodDefaults::container),
            Map.entry(CORE + "EphemeralContainer", PodDefaults::container),
            Map.entry(CORE + "Volume", PodDefaults::volume),
            Map.entry(CORE + "Service", ServiceDefaults::service),
            Map.entry(CORE + "Namespace", ClusterDefaults::namespace),
            Map.entry(CORE + "NodeSpec", ClusterDefaults::nodeSpec),
            Map.entry(CORE + "NodeStatus", ClusterDefaults::nodeStatus),
            Map.entry(CORE + "Secret", ClusterDefaults::secret),
            Map.entry(RBAC + "RoleRef", RbacDefaults::roleRef),
            Map.entry(RBAC + "Subject", RbacDefaults::subject),
            Map.entry(CORE + "ReplicationController", WorkloadDefaults::replicationController),
            Map.entry(CORE + "LimitRangeItem", RangeDefaults::item),
            Map.entry(APPS + "DeploymentStrategy", WorkloadDefaults::rollingUpdate),
            Map.entry(APPS + "DaemonSetUpdateStrategy", WorkloadDefaults::rollingUpdate),
            Map.entry(APPS + "StatefulSetSpec", WorkloadDefaults::statefulSetSpec),
            Map.entry("io.k8s.api.batch.v1.Job", WorkloadDefaults::job),
            Map.entry("io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler", AutoscalingDefaults::autoscaler),
            Map.entry("io.k8s.api.networking.v1.NetworkPolicySpec", NetworkingDefaults::networkPolicySpec),
            Map.entry(DEVICES + "ExactDeviceRequest", DeviceDefaults::request),
            Map.entry(DEVICES + "DeviceSubRequest", DeviceDefaults::request),
            Map.entry(
                    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec",
                    ClusterDefaults::customResourceDefinitionSpec));

    private DefaultRules() {}

    static boolean exist(String type) {
        return RULES.containsKey(type);
    }

    static void apply(String type, ObjectNode object) {
        var rule = RULES.get(type);
        if (rule != null) {
            rule.apply(object);
        }
    }
}
