package dev.kapal.network.proxy;

import dev.kapal.base.log.Log;
import dev.kapal.client.Key;
import dev.kapal.http.Exchange;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Answers load balancers on the node whether a service is to be had here: a small HTTP server for each service that
/// has a [ServiceHealth]. 200 while it has ready endpoints here and the rules are in force, else 503. Changed by the
/// proxy's thread only; each request has a thread of its own.
///
/// Source: Kubernetes documentation, "Create an External Load Balancer", and kube-proxy's answer.
final class HealthPorts implements AutoCloseable {
    private static final Log log = Log.of(HealthPorts.class);

    private final Map<Key, Port> ports = new HashMap<>();
    private volatile boolean rulesInForce = true;

    /// Brings what is answered for a service to `wanted`.
    ///
    /// @throws IOException when the port cannot be listened on; a later call tries again
    void change(Key service, Optional<ServiceHealth> wanted) throws IOException {
        var open = ports.get(service);
        if (open != null && (wanted.isEmpty() || wanted.get().port() != open.number)) {
            ports.remove(service).close();
            open = null;
        }
        if (wanted.isEmpty()) {
            return;
        }
        if (open == null) {
            open = new Port(service, wanted.get().port());
            ports.put(service, open);
        }
        open.endpoints = wanted.get().endpoints();
    }

    /// Nobody should be sent to a node whose rules are not what they should be.
    void rulesInForce(boolean inForce) {
        rulesInForce = inForce;
    }

    @Override
    public void close() {
        ports.values().forEach(Port::close);
        ports.clear();
    }

    /// The server of one service.
    private final class Port implements AutoCloseable {
        private final Key service;
        private final int number;
        private final HttpServer server;
        private volatile int endpoints;

        Port(Key service, int number) throws IOException {
            this.service = service;
            this.number = number;
            var config = HttpServer.Config.clearText("service-health-" + number, new InetSocketAddress(number));
            server = HttpServer.start(config, this::answer);
            log.info("health check port opened", "service", service, "port", number);
        }

        private void answer(Exchange exchange) throws IOException, InterruptedException {
            int count = endpoints;
            boolean healthy = rulesInForce;
            var body = """
                    {
                    	"service": {
                    		"namespace": %s,
                    		"name": %s
                    	},
                    	"localEndpoints": %d,
                    	"serviceProxyHealthy": %b
                    }""".formatted(quoted(service.namespace()), quoted(service.name()), count, healthy);
            exchange.respond(Response.json(count > 0 && healthy ? 200 : 503, body.getBytes(StandardCharsets.UTF_8))
                    .with("X-Content-Type-Options", "nosniff")
                    .with("X-Load-Balancing-Endpoint-Weight", Integer.toString(count)));
        }

        private static String quoted(String text) {
            return '"' + text + '"'; // names have nothing to escape
        }

        @Override
        public void close() {
            server.close();
            log.info("health check port closed", "service", service, "port", number);
        }
    }
}
