package dev.kapal.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Path;

/// Opens fabric8 clients set up for this system: watches over plain HTTP streaming, no retry behind the caller's back,
/// one shared JSON mapper.
public final class Clients {
    private Clients() {}

    /// A client over HTTPS as the kubeconfig file says (server, CA, client certificate or token).
    public static KubernetesClient https(Path kubeconfig) {
        return connect(Config.fromKubeconfig(kubeconfig.toFile()), new JdkHttpClientFactory());
    }

    static KubernetesClient connect(Config base, HttpClient.Factory transport) {
        var config = new ConfigBuilder(base)
                .withOnlyHttpWatches(true)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(100)
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(transport)
                .withKubernetesSerialization(Json.SERIALIZATION)
                .build();
    }
}
