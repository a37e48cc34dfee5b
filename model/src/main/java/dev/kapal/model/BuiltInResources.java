package dev.kapal.model;

import java.util.List;

/// Kubernetes' own resources.
final class BuiltInResources {
    private BuiltInResources() {}

    static List<ResourceDefinition> load() {
        return List.of();
    }
}
