package dev.kapal.agent.env;

import dev.kapal.model.codec.GoText;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads the fields of a pod that it may ask for through `fieldRef`. Pure.
///
/// Source: EnvVarSource and DownwardAPIVolumeFile API, `fieldRef`.
public final class FieldPaths {
    private FieldPaths() {}

    public static String value(Pod pod, String path, PodAddresses addresses) {
        var subscript = subscript(path);
        if (subscript.isPresent()) {
            var map = path.startsWith("metadata.labels[")
                    ? pod.getMetadata().getLabels()
                    : pod.getMetadata().getAnnotations();
            return map == null ? "" : map.getOrDefault(subscript.get(), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels" -> formatted(pod.getMetadata().getLabels());
            case "metadata.annotations" -> formatted(pod.getMetadata().getAnnotations());
            case "spec.nodeName" -> orEmpty(pod.getSpec().getNodeName());
            case "spec.serviceAccountName" -> orEmpty(pod.getSpec().getServiceAccountName());
            case "status.hostIP" -> addresses.hostIp();
            case "status.hostIPs" -> String.join(",", addresses.hostIps());
            case "status.podIP" -> addresses.podIp();
            case "status.podIPs" -> String.join(",", addresses.podIps());
            default -> throw new MissingConfigException("unsupported fieldPath: " + path);
        };
    }

    /// One `key="value"` a line, sorted by key, the value quoted as Go quotes it.
    static String formatted(Map<String, String> map) {
        if (map == null) {
            return "";
        }
        return map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + GoText.quote(entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static Optional<String> subscript(String path) {
        boolean map = path.startsWith("metadata.labels['") || path.startsWith("metadata.annotations['");
        if (!map || !path.endsWith("']")) {
            return Optional.empty();
        }
        return Optional.of(path.substring(path.indexOf('\'') + 1, path.length() - 2));
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }
}
