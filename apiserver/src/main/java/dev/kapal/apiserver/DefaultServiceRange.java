package dev.kapal.apiserver;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.net.HttpURLConnection;

/// The range of cluster IPs that the server was started with, as the ServiceCIDR `kubernetes`. One that is there stays
/// as it is: ranges do not change.
final class DefaultServiceRange {
    private static final GroupVersionResource RANGES =
            new GroupVersionResource("networking.k8s.io", "v1", "servicecidrs");
    private static final String NAME = "kubernetes";
    private static final User MYSELF = User.of("system:apiserver", User.MASTERS);

    private DefaultServiceRange() {}

    /// Errors: what the pipeline refuses, as [ApiException].
    static void ensure(Resources resources, String cidr) throws InterruptedException {
        if (resources.get(RANGES, "", NAME).isPresent()) {
            return;
        }
        var range = Documents.object();
        range.putObject("metadata").put("name", NAME);
        range.putObject("spec").putArray("cidrs").add(cidr);
        try {
            resources.create(MYSELF, RANGES, "", range);
        } catch (ApiException refusal) {
            if (refusal.status().code() != HttpURLConnection.HTTP_CONFLICT) { // another server was faster
                throw refusal;
            }
        }
    }
}
