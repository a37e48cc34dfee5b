package dev.kapal.dist;

import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.AdvertiseAddress;
import dev.kapal.apiserver.ApiServer;
import dev.kapal.apiserver.ApiServerConfig;
import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.apiserver.registry.ServingOptions;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Clients;
import dev.kapal.controllers.Controllers;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.ServiceAccountKeys;
import dev.kapal.scheduler.Scheduler;
import dev.kapal.store.Store;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// API server, controllers and scheduler of one process, in start order. Each component has its own user and talks to
/// the API server without a socket, through the same authorization and admission as everybody.
final class ControlPlane implements AutoCloseable {
    private static final Log log = Log.of(ControlPlane.class);

    /// On a machine without any network the bridge of the pods is what they reach it by.
    private static final String PODS_GATEWAY = "10.244.0.1";

    private final Life life = new Life("control-plane");
    private final ApiServer apiServer;
    private final ClusterPki pki;
    private final String advertiseAddress;

    private ControlPlane(ApiServer apiServer, ClusterPki pki, String advertiseAddress) {
        this.apiServer = apiServer;
        this.pki = pki;
        this.advertiseAddress = advertiseAddress;
    }

    /// What people may choose.
    ///
    /// @param port 0 picks a free one
    record Settings(
            int port, AccessOptions access, Protection protection, AdmissionChoice admission, ServingOptions serving) {
        Settings(int port, AccessOptions access, Protection protection) {
            this(port, access, protection, AdmissionChoice.DEFAULT, ServingOptions.DEFAULT);
        }
    }

    /// Returns when the API server is ready. Controllers and scheduler start beside the caller: they wait for the API
    /// server, nobody waits for them. The caller closes `store` after this.
    ///
    /// @param registry the resources that the API server has by itself
    static ControlPlane start(
            ClusterPki pki, Store store, ResourceRegistry registry, Settings settings, Time time, Metrics metrics)
            throws IOException, InterruptedException {
        String address = AdvertiseAddress.find(PODS_GATEWAY);
        var apiServer =
                ApiServer.start(ApiServerConfig.of(pki, settings.port(), address, registry, store, time, metrics)
                        .withAccess(settings.access())
                        .with(settings.protection())
                        .with(settings.serving())
                        .with(settings.admission()));
        var plane = new ControlPlane(apiServer, pki, address);
        plane.life.own(apiServer);
        plane.life.start("start", () -> {
            time.sleep(ApiServer.FIRST_REQUESTS); // controllers that start take all processors
            plane.startComponents(time, metrics);
        });
        return plane;
    }

    private void startComponents(Time time, Metrics metrics) {
        var config = Controllers.Config.defaults(pki.authority()).withTokens(this::serviceAccountKeys);
        life.own(Controllers.start(client("system:kube-controller-manager"), config, time, metrics));
        life.own(Scheduler.start(client("system:kube-scheduler"), time, new SecureRandom(), metrics));
        apiServer.components().started("controller-manager", Optional::empty);
        apiServer.components().started("scheduler", Optional::empty);
        log.info("controllers and scheduler started");
    }

    private ServiceAccountKeys serviceAccountKeys() {
        try {
            return pki.serviceAccountKeys();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// A client of this process's API server for a component that is known as `user`.
    KubernetesClient client(String user, String... groups) {
        return life.own(Clients.inProcess(apiServer.handler(), user, List.of(groups)));
    }

    int port() {
        return apiServer.port();
    }

    String advertiseAddress() {
        return advertiseAddress;
    }

    ClusterPki pki() {
        return pki;
    }

    @Override
    public void close() {
        life.close();
    }
}
