package dev.kapal.cli;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;

/// The administrator's way to a running cluster, over HTTPS with the kubeconfig of its data directory.
final class Access implements AutoCloseable {
    private static final String NODE_LEASES = "kube-node-lease";

    private final KubernetesClient client;

    private Access(KubernetesClient client) {
        this.client = client;
    }

    static Access to(DataDirectory data) {
        if (!Files.exists(data.kubeconfig())) {
            throw new Refusal("no cluster was started in %s; start one: ./kapal up".formatted(data.root()));
        }
        var config = new ConfigBuilder(Config.fromKubeconfig(data.kubeconfig().toFile()))
                .withConnectionTimeout(5_000)
                .withRequestTimeout(10_000)
                .withRequestRetryBackoffLimit(0)
                .build();
        return new Access(new KubernetesClientBuilder().withConfig(config).build());
    }

    KubernetesClient client() {
        return client;
    }

    /// The body of a health page, or the reason why there is none. Begins with `ok` when all is well.
    String health(String path) {
        try {
            return client.raw(path);
        } catch (KubernetesClientException unreachable) {
            var cause = unreachable.getCause() == null ? unreachable : unreachable.getCause();
            return String.valueOf(cause.getMessage());
        }
    }

    List<Node> nodes() {
        return client.nodes().list().getItems();
    }

    /// Whether the node's agent has shown itself since `instant`: what the API says of a node outlives its agent for a
    /// while.
    boolean wasSeenSince(Node node, Instant instant) {
        var lease = client.leases()
                .inNamespace(NODE_LEASES)
                .withName(node.getMetadata().getName())
                .get();
        return lease != null
                && lease.getSpec().getRenewTime() != null
                && lease.getSpec().getRenewTime().toInstant().isAfter(instant);
    }

    static boolean isReady(Node node) {
        return node.getStatus() != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    @Override
    public void close() {
        client.close();
    }
}
