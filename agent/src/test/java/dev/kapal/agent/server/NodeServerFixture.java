package dev.kapal.agent.server;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Identity;
import dev.kapal.pki.TlsContexts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A node server on loopback with certificates of its own, and clients that show one or none.
final class NodeServerFixture implements AutoCloseable {
    final List<Pod> pods = new CopyOnWriteArrayList<>();
    private final ClusterPki pki;
    private final NodeServer server;

    NodeServerFixture(Path directory, ContainerRuntime runtime, Time time) throws IOException {
        pki = ClusterPki.open(directory.resolve("pki"), Time.system());
        var identity = pki.kubelet("n1", List.of("127.0.0.1"));
        var tls = TlsContexts.strictServer(identity, pki.roots());
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = NodeServer.start(
                address,
                () -> tls,
                () -> pods,
                runtime,
                new NodeServer.Node("n1", directory),
                Optional.empty(),
                new Metrics(),
                time);
    }

    HttpClient apiServer() throws IOException {
        return client(Optional.of(pki.kubeletClient().get()));
    }

    HttpClient admin() throws IOException {
        return client(Optional.of(pki.admin()));
    }

    HttpClient nobody() {
        return client(Optional.empty());
    }

    URI uri(String scheme, String target) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + target);
    }

    HttpResponse<String> get(HttpClient client, String target) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri("https", target)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /// A pod with one container whose status says that it runs as `containerId`.
    static Pod running(String name, String uid, String container, String containerId) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid(uid)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(container)
                .endContainer()
                .endSpec()
                .withNewStatus()
                .addNewContainerStatus()
                .withName(container)
                .withContainerID("containerd://" + containerId)
                .withNewState()
                .withNewRunning()
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    @Override
    public void close() {
        server.close();
    }

    private HttpClient client(Optional<Identity> identity) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsContexts.client(identity, pki.roots()))
                .build();
    }
}
