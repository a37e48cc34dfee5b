package dev.kapal.apiserver;

import dev.kapal.apiserver.registry.Resources;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.util.Optional;

/// The range of cluster IPs that the server was started with, as the ServiceCIDR `kubernetes`. One that is there stays
/// as it is: ranges do not change.
final class DefaultServiceRange {
    private static final GroupVersionResource RANGES =
            new GroupVersionResource("networking.k8s.io", "v1", "servicecidrs");
    private static final String NAME = "kubernetes";

    private DefaultServiceRange() {}

    /// Errors: what the pipeline refuses, as [ApiException].
    static void ensure(Resources resources, String cidr) throws InterruptedException {
        var range = Documents.object();
        range.putObject("metadata").put("name", NAME);
        range.putObject("spec").putArray("cidrs").add(cidr);
        resources.ensure(RANGES, "", range, found -> Optional.empty());
    }
}
