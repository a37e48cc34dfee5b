package dev.kapal.dist;

import dev.kapal.model.ResourceRegistry;
import picocli.CommandLine.Option;

/// Which resources the API server has by itself.
final class ResourceFlags {
    @Option(
            names = "--legacy-apis",
            arity = "1",
            paramLabel = "true|false",
            description = "serves versions that Kubernetes has removed, such as extensions/v1beta1 (${DEFAULT-VALUE})")
    private boolean legacyApis = true;

    ResourceRegistry registry() {
        return ResourceRegistry.builtIn(legacyApis);
    }
}
