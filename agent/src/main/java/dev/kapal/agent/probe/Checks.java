package dev.kapal.agent.probe;

import dev.kapal.agent.cri.ContainerRuntime;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/// Turns the actions of specs into checks. Immutable; any thread.
///
/// Source: Probe API and LifecycleHandler API.
public final class Checks {
    private final ContainerRuntime runtime;

    public Checks(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    Check of(Probe probe, Container container, String containerId, String podIp) {
        if (probe.getExec() != null) {
            return new ExecCheck(runtime, containerId, probe.getExec().getCommand());
        }
        if (probe.getHttpGet() != null) {
            return http(probe.getHttpGet(), container, podIp);
        }
        if (probe.getTcpSocket() != null) {
            var socket = probe.getTcpSocket();
            var host = isSet(socket.getHost()) ? socket.getHost() : podIp;
            return Ports.resolve(socket.getPort(), container)
                    .<Check>map(port -> new TcpCheck(host, port))
                    .orElseGet(() -> unknownPort(String.valueOf(socket.getPort().getStrVal())));
        }
        if (probe.getGrpc() != null) {
            var grpc = probe.getGrpc();
            return new GrpcCheck(podIp, grpc.getPort(), grpc.getService() == null ? "" : grpc.getService());
        }
        return timeout -> new Outcome.Broken("missing probe handler for " + container.getName());
    }

    /// The check behind an HTTP action, also that of a hook.
    public static Check http(HTTPGetAction action, Container container, String podIp) {
        var port = Ports.resolve(action.getPort(), container);
        if (port.isEmpty()) {
            return unknownPort(String.valueOf(action.getPort().getStrVal()));
        }
        var scheme = isSet(action.getScheme()) ? action.getScheme().toLowerCase(Locale.ROOT) : "http";
        var host = isSet(action.getHost()) ? action.getHost() : podIp;
        var headers = action.getHttpHeaders().stream()
                .map(header -> Map.entry(header.getName(), header.getValue() == null ? "" : header.getValue()))
                .toList();
        var path = isSet(action.getPath()) ? action.getPath() : "/";
        try {
            return new HttpCheck(uri(scheme, host, port.get(), path), headers);
        } catch (URISyntaxException malformed) {
            return timeout -> new Outcome.Broken(malformed.getMessage());
        }
    }

    private static URI uri(String scheme, String host, int port, String path) throws URISyntaxException {
        var literal = host.indexOf(':') < 0 ? host : "[" + host + "]";
        var rooted = path.startsWith("/") ? path : "/" + path;
        var encoded = rooted.replace(" ", "%20");
        var uri = new URI(scheme + "://" + literal + ":" + port + encoded);
        if (uri.getHost() == null) {
            throw new URISyntaxException(uri.toString(), "no valid host");
        }
        return uri;
    }

    private static Check unknownPort(String name) {
        return timeout -> new Outcome.Broken("couldn't find port: " + name);
    }

    private static boolean isSet(String text) {
        return text != null && !text.isEmpty();
    }
}
