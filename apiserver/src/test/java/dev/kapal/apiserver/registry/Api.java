package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authn.TokenVerdict;
import dev.kapal.apiserver.authz.AlwaysAllow;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.review.AccessReviews;
import dev.kapal.apiserver.review.UserReviews;
import dev.kapal.base.metric.Metrics;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import dev.kapal.testkit.FakeTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// The pipeline over a memory store, called as a client would: paths and bodies in, status and documents out. Everybody
/// is an administrator unless told otherwise.
final class Api implements AutoCloseable {
    private static final ResourceRegistry BUILT_IN = ResourceRegistry.builtIn();
    private static final Peer.Local PEER = new Peer.Local("admin", List.of(User.MASTERS));

    final FakeTime time;
    final Store store;
    final Resources resources;
    final Metrics metrics;
    private final WatchCaches caches;
    private final InProcess client;
    private User user = User.of("admin", User.MASTERS);

    Api() {
        this(MemoryStore.open(), new FakeTime());
    }

    Api(Store store) {
        this(store, new FakeTime());
    }

    private Api(Store store, FakeTime time) {
        this(BUILT_IN, store, time);
    }

    /// With other resources than Kubernetes' own.
    Api(ResourceRegistry registry, Store store, FakeTime time) {
        this(new ResourcesConfig(registry, store, time, new Random(42), new Metrics()), store, time, new AlwaysAllow());
    }

    /// @param authorizer whom the server asks what users may do besides; requests themselves are all allowed
    private Api(ResourcesConfig config, Store store, FakeTime time, Authorizer authorizer) {
        this.store = store;
        this.time = time;
        this.metrics = config.metrics();
        this.caches = WatchCaches.start(store, time, metrics);
        this.resources = Resources.start(config, caches, open(time, authorizer));
        this.client = new InProcess(this::handle);
    }

    /// Nobody is kept from anything, and whoever asks hears so.
    private static Security open(FakeTime time, Authorizer authorizer) {
        var computed = new HashMap<>(new AccessReviews(new AlwaysAllow()).resources());
        computed.putAll(new UserReviews(Api::review, time).resources());
        return new Security(authorizer, List.of(), computed);
    }

    /// One token is known, that of jane; it is meant for `here`.
    private static TokenVerdict review(String token, List<String> audiences) {
        return token.equals("jane's") && (audiences.isEmpty() || audiences.contains("here"))
                ? new TokenVerdict(Optional.of(User.of("jane", "readers")), List.of("here"), "")
                : new TokenVerdict(Optional.empty(), List.of(), "invalid bearer token");
    }

    /// With other admission plugins than those of the default, and the namespace `default`.
    static Api with(AdmissionChoice admission) {
        return with(admission, new AlwaysAllow());
    }

    /// With an authorizer that plugins may ask, too.
    static Api with(AdmissionChoice admission, Authorizer authorizer) {
        return with(ResourcesConfig.DEFAULT_SERVICE_CIDR, ServingOptions.DEFAULT, admission, authorizer);
    }

    /// With resources served in another way, and the namespace `default`.
    static Api with(ServingOptions serving) {
        return with(ResourcesConfig.DEFAULT_SERVICE_CIDR, serving, AdmissionChoice.DEFAULT, new AlwaysAllow());
    }

    /// With another range of cluster IPs, and the namespace `default`.
    static Api withServiceRange(String cidr) {
        return with(cidr, ServingOptions.DEFAULT, AdmissionChoice.DEFAULT, new AlwaysAllow());
    }

    private static Api with(
            String serviceCidr, ServingOptions serving, AdmissionChoice admission, Authorizer authorizer) {
        var store = MemoryStore.open();
        var time = new FakeTime();
        var config = new ResourcesConfig(
                BUILT_IN, store, time, new Random(42), new Metrics(), serviceCidr, serving, admission);
        return new Api(config, store, time, authorizer).addDefaultNamespace();
    }

    /// With the namespace `default` and its service account.
    static Api withDefaultNamespace() {
        return new Api().addDefaultNamespace();
    }

    Api addDefaultNamespace() {
        post("/api/v1/namespaces", "{metadata: {name: default}}").is(201);
        post("/api/v1/namespaces/default/serviceaccounts", "{metadata: {name: default}}")
                .is(201);
        return this;
    }

    /// Another server over the same store, at the same time.
    Api restarted() {
        return new Api(store, time);
    }

    Api as(User other) {
        user = other;
        return this;
    }

    /// An answer that has come to its end.
    record Answer(int status, Headers headers, byte[] body) {
        ObjectNode json() {
            return Documents.read(body);
        }

        /// The value under a path such as `metadata.name` or `items.0.kind`.
        String at(String path) {
            JsonNode node = json();
            for (var part : path.split("(?<!\\\\)\\.")) {
                var name = part.replace("\\", "");
                node = node.isArray() ? node.path(Integer.parseInt(name)) : node.path(name);
            }
            return node.isValueNode() ? node.asText() : node.isMissingNode() ? "" : node.toString();
        }

        Answer is(int expected) {
            if (status != expected) {
                throw new AssertionError("expected " + expected + " but was " + status + ": "
                        + new String(body, StandardCharsets.UTF_8));
            }
            return this;
        }
    }

    Answer get(String target) {
        return call("GET", target, Headers.NONE, new byte[0]);
    }

    Answer get(String target, String accept) {
        return call("GET", target, Headers.of("Accept", accept), new byte[0]);
    }

    /// @param yaml JSON is YAML, too
    Answer post(String target, String yaml) {
        return call("POST", target, Headers.of("Content-Type", "application/yaml"), bytes(yaml));
    }

    Answer put(String target, String yaml) {
        return call("PUT", target, Headers.of("Content-Type", "application/yaml"), bytes(yaml));
    }

    Answer put(String target, JsonNode document) {
        return call("PUT", target, Headers.of("Content-Type", "application/json"), Documents.json(document));
    }

    /// @param format `json-patch`, `merge-patch`, `strategic-merge-patch`
    Answer patch(String target, String format, String json) {
        return call("PATCH", target, Headers.of("Content-Type", "application/" + format + "+json"), bytes(json));
    }

    Answer delete(String target) {
        return call("DELETE", target, Headers.NONE, new byte[0]);
    }

    Answer delete(String target, String json) {
        return call("DELETE", target, Headers.of("Content-Type", "application/json"), bytes(json));
    }

    Answer call(String method, String target, Headers headers, byte[] body) {
        try (var answer = client.call(Request.local(method, target, headers, body, PEER))) {
            return new Answer(answer.status(), answer.headers(), answer.body().readAllBytes());
        } catch (IOException failure) {
            throw new AssertionError(failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    /// As a server does that stops.
    void endWatches(Duration longest) {
        try {
            resources.endWatches(longest);
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    Watching watch(String target) {
        return watch(target, "application/json");
    }

    Watching watch(String target, String accept) {
        try {
            return new Watching(
                    client.call(Request.local("GET", target, Headers.of("Accept", accept), new byte[0], PEER)));
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /// A watch whose events are read one by one.
    static final class Watching implements AutoCloseable {
        private final InProcess.Answer answer;
        private final BufferedReader lines;

        Watching(InProcess.Answer answer) {
            this.answer = answer;
            this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        int status() {
            return answer.status();
        }

        /// Blocks until the next event.
        ObjectNode next() {
            try {
                var line = lines.readLine();
                if (line == null) {
                    throw new AssertionError("the watch ended");
                }
                return new DocumentDecoder().decode(bytes(line), MediaType.JSON).document();
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }

        /// Type and name of the next event: `ADDED web`.
        String brief() {
            var event = next();
            return event.path("type").asText() + " "
                    + event.path("object").path("metadata").path("name").asText();
        }

        /// The next bytes, for streams that have no lines; not to be mixed with [#next].
        byte[] rawBytes(int count) {
            try {
                return answer.body().readNBytes(count);
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }

        /// All bytes to come, for other streams that have no lines.
        InputStream body() {
            return answer.body();
        }

        boolean hasEnded() {
            try {
                return lines.readLine() == null;
            } catch (IOException brokenOff) {
                return true;
            }
        }

        @Override
        public void close() {
            try {
                answer.close();
            } catch (IOException gone) {
                throw new AssertionError(gone);
            }
        }
    }

    private void handle(Exchange exchange) throws Exception {
        try {
            resources.handle(new Call(RequestInfo.of(exchange.request()), user, exchange));
        } catch (ApiException refusal) {
            exchange.respond(
                    Response.json(refusal.status().code(), refusal.status().json()));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        resources.close();
        caches.close();
        client.close();
        store.close();
    }
}
