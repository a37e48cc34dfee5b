package dev.kapal.apiserver;

import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.apiserver.registry.ResourcesConfig;
import dev.kapal.apiserver.registry.ServingOptions;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import dev.kapal.store.Store;
import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;

/// What an API server needs. Whoever made the store closes it, after the server.
///
/// @param bind where to listen; port 0 picks a free one
/// @param advertiseAddress an IP address under which pods and other machines reach this server
/// @param serviceCidr cluster IPs are taken from it; its first address is the server's own Service
/// @param serving how resources are served
/// @param admission which plugins look at writes
/// @param protection against floods and hanging clients, and the audit log
/// @param access who may come in, and who decides what they may do
/// @param random for uids, generated names and allocations; must be safe for any thread
public record ApiServerConfig(
        ClusterPki pki,
        InetSocketAddress bind,
        String advertiseAddress,
        String serviceCidr,
        ServingOptions serving,
        AdmissionChoice admission,
        Protection protection,
        ResourceRegistry registry,
        Store store,
        Time time,
        RandomGenerator random,
        Metrics metrics,
        AccessOptions access) {
    public static final int DEFAULT_PORT = 6443;

    /// @throws IllegalArgumentException for a range of cluster IPs that is none; its message is for the user
    public ApiServerConfig {
        serviceCidr = ServiceRange.of(serviceCidr).cidr();
    }

    /// The usual ranges, on all addresses.
    public static ApiServerConfig of(
            ClusterPki pki,
            int port,
            String advertiseAddress,
            ResourceRegistry registry,
            Store store,
            Time time,
            Metrics metrics) {
        return new ApiServerConfig(
                pki,
                new InetSocketAddress(port),
                advertiseAddress,
                ResourcesConfig.DEFAULT_SERVICE_CIDR,
                ServingOptions.DEFAULT,
                AdmissionChoice.DEFAULT,
                Protection.DEFAULT,
                registry,
                store,
                time,
                new SharedRandom(),
                metrics,
                AccessOptions.DEFAULT);
    }

    public ApiServerConfig withAccess(AccessOptions other) {
        return new ApiServerConfig(
                pki,
                bind,
                advertiseAddress,
                serviceCidr,
                serving,
                admission,
                protection,
                registry,
                store,
                time,
                random,
                metrics,
                other);
    }

    /// The same server with other plugins.
    public ApiServerConfig with(AdmissionChoice newAdmission) {
        return new ApiServerConfig(
                pki,
                bind,
                advertiseAddress,
                serviceCidr,
                serving,
                newAdmission,
                protection,
                registry,
                store,
                time,
                random,
                metrics,
                access);
    }

    /// The same server, with resources served in another way.
    public ApiServerConfig with(ServingOptions newServing) {
        return new ApiServerConfig(
                pki,
                bind,
                advertiseAddress,
                serviceCidr,
                newServing,
                admission,
                protection,
                registry,
                store,
                time,
                random,
                metrics,
                access);
    }

    /// The same server, with another range of cluster IPs.
    public ApiServerConfig withServiceCidr(String newServiceCidr) {
        return new ApiServerConfig(
                pki,
                bind,
                advertiseAddress,
                newServiceCidr,
                serving,
                admission,
                protection,
                registry,
                store,
                time,
                random,
                metrics,
                access);
    }

    /// The same server, protected in another way.
    public ApiServerConfig with(Protection newProtection) {
        return new ApiServerConfig(
                pki,
                bind,
                advertiseAddress,
                serviceCidr,
                serving,
                admission,
                newProtection,
                registry,
                store,
                time,
                random,
                metrics,
                access);
    }
}
