package dev.kapal.apiserver.admission.match;

import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import java.util.ArrayList;
import java.util.List;

/// The other names under which the same objects are served: versions of a group, and resources that moved between
/// groups.
final class Equivalents {
    private Equivalents() {}

    static List<ResourceDefinition> of(ResourceDefinition definition, ResourceRegistry registry) {
        var home = definition.storage().groupResource();
        var found = new ArrayList<ResourceDefinition>();
        for (var other : registry.all()) {
            if (!other.groupVersionResource().equals(definition.groupVersionResource())
                    && other.storage().groupResource().equals(home)) {
                found.add(other);
            }
        }
        return found;
    }
}
