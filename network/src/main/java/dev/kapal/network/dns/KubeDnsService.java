package dev.kapal.network.dns;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/// Keeps the Service `kube-system/kube-dns` there, so that clients and people find the address that the nodes answer
/// on.
/// It has no selector: no pod serves it. Runs on a thread of [ClusterDns]; safe to repeat, also from several nodes.
final class KubeDnsService {
    private static final Log log = Log.of(KubeDnsService.class);

    private static final Key KEY = new Key("kube-system", "kube-dns");
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(60);

    private final Api api;
    private final String address;
    private final Time time;

    KubeDnsService(Api api, String address, Time time) {
        this.api = api;
        this.address = address;
        this.time = time;
    }

    void keep() throws InterruptedException {
        while (true) {
            time.sleep(ensure() ? LATER : SOON);
        }
    }

    /// Whether it is there, or cannot be made for good.
    boolean ensure() throws InterruptedException {
        try {
            if (api.fetch(Service.class, KEY).isEmpty()) {
                api.create(wanted());
                log.info("service created", "service", KEY, "address", address);
            }
            return true;
        } catch (KubernetesClientException refusal) {
            return settled(refusal);
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /// Another node made it first, or the address is another service's, which only a person can solve.
    private boolean settled(KubernetesClientException refusal) {
        if (refusal.getCode() == 422) {
            log.warn("service not created", "service", KEY, "why", refusal.getMessage());
        }
        return refusal.getCode() == 409 || refusal.getCode() == 422;
    }

    private Service wanted() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace(KEY.namespace())
                .withName(KEY.name())
                .withLabels(Map.of(
                        "k8s-app", "kube-dns",
                        "kubernetes.io/cluster-service", "true",
                        "kubernetes.io/name", "CoreDNS"))
                .endMetadata()
                .withNewSpec()
                .withClusterIP(address)
                .addNewPort()
                .withName("dns")
                .withPort(53)
                .withNewTargetPort(53)
                .withProtocol("UDP")
                .endPort()
                .addNewPort()
                .withName("dns-tcp")
                .withPort(53)
                .withNewTargetPort(53)
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }
}
