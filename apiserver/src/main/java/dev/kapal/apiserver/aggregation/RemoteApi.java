package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.discovery.MoreVersion;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.client.Target;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// One group version of another server, and what is known of it. Any thread; the keeper alone learns.
final class RemoteApi {
    private final ApiService service;
    private final Supplier<SSLContext> tls;
    private volatile Knowledge knowledge = new Knowledge(
            Availability.failedDiscovery("it was not asked yet"),
            List.of(),
            Documents.object(),
            Documents.object(),
            OpenApiV2.NONE);

    /// @param resources its APIResourceList, the last one that it told
    /// @param openApi its entry in the index of OpenAPI v3; empty if it has none
    record Knowledge(
            Availability availability,
            List<Availability.Address> addresses,
            ObjectNode resources,
            ObjectNode openApi,
            OpenApiV2 openApiV2) {

        /// What it told before still stands.
        Knowledge unavailable(Availability why, List<Availability.Address> addresses) {
            return new Knowledge(why, addresses, resources, openApi, openApiV2);
        }
    }

    /// @param tag names the whole document that the part was taken from
    /// @param part what its OpenAPI v2 says of this group version
    record OpenApiV2(String tag, ObjectNode part) {
        static final OpenApiV2 NONE = new OpenApiV2("", Documents.object());
    }

    RemoteApi(ApiService service, Supplier<SSLContext> tls) {
        this.service = service;
        this.tls = tls;
    }

    ApiService service() {
        return service;
    }

    Knowledge knowledge() {
        return knowledge;
    }

    void learn(Knowledge newer) {
        knowledge = newer;
    }

    boolean isAvailable() {
        return knowledge.availability().available();
    }

    MoreVersion version() {
        return new MoreVersion(service.groupVersion(), service.priority(), isAvailable(), knowledge.resources());
    }

    /// A connection to one of the addresses, tried from a random one on.
    ///
    /// @throws IOException when none answers; that of the last
    Opened connect(List<Availability.Address> addresses, Duration limit, RandomGenerator random) throws IOException {
        IOException last = new IOException("no addresses");
        int first = addresses.isEmpty() ? 0 : random.nextInt(addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            var address = addresses.get((first + i) % addresses.size());
            var target = new Target(address.host(), address.port(), Optional.of(tls.get()));
            try {
                var connection = service.insecure()
                        ? ClientConnection.open(target, limit)
                        : ClientConnection.open(
                                target, service.service().orElseThrow().host(), limit);
                return new Opened(connection, target);
            } catch (IOException unreachable) {
                last = new IOException("dial tcp " + target.authority() + ": " + unreachable.getMessage(), unreachable);
            }
        }
        throw last;
    }

    record Opened(ClientConnection connection, Target target) {}
}
