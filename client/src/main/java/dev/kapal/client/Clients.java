package dev.kapal.client;

import dev.kapal.http.Handler;
import dev.kapal.http.Peer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.nio.file.Path;
import java.util.List;

/// Opens fabric8 clients set up for this system: watches over plain HTTP streaming, no retry behind the caller's back,
/// one shared JSON mapper.
public final class Clients {
    private Clients() {}

    /// A client over HTTPS as the kubeconfig file says (server, CA, client certificate or token).
    public static KubernetesClient https(Path kubeconfig) {
        return connect(Config.fromKubeconfig(kubeconfig.toFile()), new JdkHttpClientFactory());
    }

    /// A client over HTTPS for a component in a process of its own, whose certificate is renewed while it runs.
    public static KubernetesClient https(ServerAccess access) {
        var server = new ConfigBuilder(Config.empty()).withMasterUrl(access.url());
        access.token().ifPresent(server::withOauthToken);
        return connect(server.build(), new HttpsTransport(access));
    }

    /// A client without a socket, straight to a handler of this process, as this user: the same authorization,
    /// admission and bytes as over HTTPS. Exec, attach and port-forward need [#https].
    public static KubernetesClient inProcess(Handler handler, String user, List<String> groups) {
        var server = new ConfigBuilder(Config.empty())
                .withMasterUrl("https://in-process")
                .withUserAgent(program(user))
                .build();
        return connect(server, new InProcessTransport(handler, new Peer.Local(user, groups)));
    }

    /// Under which name a component writes: the owner of its fields. Every node's agent has the same.
    private static String program(String user) {
        return user.startsWith("system:node:") ? "kubelet" : user.substring(user.lastIndexOf(':') + 1);
    }

    private static KubernetesClient connect(Config base, HttpClient.Factory transport) {
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
