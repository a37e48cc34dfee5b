package dev.kapal.model.conversion;

import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import java.util.Map;
import java.util.function.Function;

/// Finds the conversion of one of Kubernetes' own kinds. What a kind needs is loaded when something is converted.
public final class BuiltInConversions {
    private static final Map<GroupVersion, Map<String, String>> NO_FIELDS = Map.of();

    private BuiltInConversions() {}

    /// @param stored the version that is stored
    public static Conversion of(GroupVersionKind stored) {
        Function<GroupVersion, Spoke> spokes = version -> spoke(stored.kind(), version);
        return new HubConversion(
                stored.groupVersion(), spokes, stored.kind().equals("Event") ? EventSpoke.FIELDS : NO_FIELDS);
    }

    private static Spoke spoke(String kind, GroupVersion version) {
        boolean extensions = version.group().equals("extensions");
        boolean first = extensions || version.version().equals("v1beta1");
        return switch (kind) {
            case "Event" -> EventSpoke.SPOKE;
            case "HorizontalPodAutoscaler" -> AutoscalerSpoke.of(version.version());
            case "Deployment" -> first ? new WorkloadSpoke.OfDeployment(extensions) : Spoke.SAME;
            case "DaemonSet" -> extensions ? new WorkloadSpoke.OfDaemonSet() : Spoke.SAME;
            case "ReplicaSet", "StatefulSet" -> first ? new WorkloadSpoke() : Spoke.SAME;
            case "Ingress" -> IngressSpoke.SPOKE;
            case "EndpointSlice" -> EndpointSliceSpoke.SPOKE;
            case "PodDisruptionBudget" -> DisruptionBudgetSpoke.SPOKE;
            case "CertificateSigningRequest" -> CertificateRequestSpoke.SPOKE;
            case "CustomResourceDefinition" -> CustomDefinitionSpoke.SPOKE;
            default -> Spoke.SAME;
        };
    }
}
