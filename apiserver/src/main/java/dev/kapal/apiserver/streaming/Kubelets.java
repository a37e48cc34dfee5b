package dev.kapal.apiserver.streaming;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.authn.ObjectReader;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.client.Target;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionResource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Calls node agents, with the API server's own client certificate. Any thread.
public final class Kubelets {
    public static final int DEFAULT_PORT = 10250;
    private static final GroupVersionResource NODES = new GroupVersionResource("", "v1", "nodes");
    private static final List<String> PREFERRED =
            List.of("InternalIP", "Hostname", "InternalDNS", "ExternalDNS", "ExternalIP");
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final ObjectReader objects;
    private final Supplier<SSLContext> tls;

    public Kubelets(ObjectReader objects, Supplier<SSLContext> tls) {
        this.objects = objects;
        this.tls = tls;
    }

    /// Where the agent of a node listens. Throws [ApiException] when there is no such node, or nobody knows where
    /// it is.
    public Target target(String node) throws InterruptedException {
        var object = objects.get(NODES, "", node)
                .orElseThrow(() -> ApiException.notFound(new GroupResource("", "nodes"), node));
        int port = object.path("status")
                .path("daemonEndpoints")
                .path("kubeletEndpoint")
                .path("Port")
                .asInt();
        return new Target(address(object, node), port == 0 ? DEFAULT_PORT : port, Optional.of(tls.get()));
    }

    private static String address(ObjectNode node, String name) {
        var addresses = node.path("status").path("addresses");
        for (var type : PREFERRED) {
            for (var address : addresses) {
                if (address.path("type").asText().equals(type)) {
                    return address.path("address").asText();
                }
            }
        }
        throw new ApiException(Status.failure(
                500, Reason.UNKNOWN, "no preferred addresses found; known addresses: [] (node " + name + ")"));
    }

    /// Connects to the agent of `node`. Throws [ApiException] when it does not answer, or is somebody else.
    public ClientConnection connect(String node) throws InterruptedException {
        var target = target(node);
        try {
            var connection = ClientConnection.open(target, CONNECT_LIMIT);
            if (!isAgentOf(node, connection)) {
                connection.close();
                throw dialing(target, "the certificate is not that of the agent of node " + node);
            }
            return connection;
        } catch (IOException unreachable) {
            throw dialing(target, String.valueOf(unreachable.getMessage()));
        }
    }

    /// The authority vouched for the certificate already; here it must be the right agent's.
    private static boolean isAgentOf(String node, ClientConnection connection) throws IOException {
        String wanted = "CN=system:node:" + node;
        return connection
                .peerCertificate()
                .map(certificate -> certificate.getSubjectX500Principal().getName())
                .filter(subject -> subject.equals(wanted)
                        || subject.startsWith(wanted + ",")
                        || subject.endsWith("," + wanted)
                        || subject.contains("," + wanted + ","))
                .isPresent();
    }

    public static ApiException dialing(Target target, String why) {
        return new ApiException(Status.failure(
                500, Reason.UNKNOWN, "error dialing backend: dial tcp " + target.authority() + ": " + why));
    }
}
