package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Headers;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.openapi.ForeignSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What is asked of another server: its resources, which also shows whether it is there, and its OpenAPI documents. Any
/// thread.
final class RemoteQuestions {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final RandomGenerator random;

    RemoteQuestions(RandomGenerator random) {
        this.random = random;
    }

    /// What is known of the server now; a server without OpenAPI is as good as others.
    RemoteApi.Knowledge ask(RemoteApi api, List<Availability.Address> addresses) {
        String path = api.service().groupVersion().path();
        String shown = "https://" + addresses.getFirst().host() + ":"
                + addresses.getFirst().port() + path;
        String missing = "failing or missing response from " + shown + ": ";
        try {
            var answer = get(api, addresses, path, "");
            if (answer.status() >= 200 && answer.status() < 300) {
                return new RemoteApi.Knowledge(
                        Availability.PASSED,
                        addresses,
                        answer.document(),
                        openApiV3(api, addresses),
                        openApiV2(api, addresses));
            }
            missing += "bad status from " + shown + ": " + answer.status();
        } catch (IOException | RuntimeException unreachable) {
            missing += unreachable.getMessage();
        }
        return api.knowledge().unavailable(Availability.failedDiscovery(missing), addresses);
    }

    /// Its own entry for the group version in its index.
    private ObjectNode openApiV3(RemoteApi api, List<Availability.Address> addresses) {
        try {
            var index = get(api, addresses, "/openapi/v3", "");
            var entry = index.document()
                    .path("paths")
                    .path(api.service().groupVersion().path().substring(1));
            return entry instanceof ObjectNode object ? object : Documents.object();
        } catch (IOException | RuntimeException none) {
            return Documents.object();
        }
    }

    /// What its document says of the group version; the last one if there is no newer one.
    private RemoteApi.OpenApiV2 openApiV2(RemoteApi api, List<Availability.Address> addresses) {
        var known = api.knowledge().openApiV2();
        try {
            var answer = get(api, addresses, "/openapi/v2", known.tag());
            if (answer.status() != 200) {
                return known;
            }
            var part = ForeignSpec.only(
                    answer.document(), api.service().groupVersion().path() + "/");
            return new RemoteApi.OpenApiV2(answer.tag(), part.equals(known.part()) ? known.part() : part);
        } catch (IOException | RuntimeException none) {
            return known;
        }
    }

    private record Answer(int status, String tag, ObjectNode document) {}

    /// @param tag of the document that is known; empty for none
    private Answer get(RemoteApi api, List<Availability.Address> addresses, String path, String tag)
            throws IOException {
        var opened = api.connect(addresses, LIMIT, random);
        try (var connection = opened.connection()) {
            connection.giveUpAfter(LIMIT);
            var headers = Headers.builder()
                    .add("Host", opened.target().authority())
                    .add("Accept", "application/json")
                    .add("Connection", "close")
                    .add("X-Remote-User", "system:kube-aggregator")
                    .add("X-Remote-Group", "system:masters");
            if (!tag.isEmpty()) {
                headers.add("If-None-Match", tag);
            }
            var answer = connection.send("GET", path, headers.build(), new ByteArrayInputStream(new byte[0]), 0);
            byte[] body = answer.body().readNBytes(MOST_BYTES);
            return new Answer(answer.status(), answer.headers().first("Etag").orElse(""), document(body));
        }
    }

    private static ObjectNode document(byte[] body) {
        try {
            return DocumentDecoder.value(body) instanceof ObjectNode object ? object : Documents.object();
        } catch (DecodeException nonsense) {
            return Documents.object();
        }
    }
}
