package dev.kapal.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvailabilityTest {
    private static final ApiService.Service WANTED = new ApiService.Service("ns", "svc", 443);

    private static JsonNode json(String text) {
        return DocumentDecoder.value(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                                              |                                                     | ServiceNotFound   | service/svc in \"ns\" is not present",
                "{'spec':{'ports':[{'port':80}]}}               |                                                     | ServicePortError  | service/svc in \"ns\" is not listening on port 443",
                "{'spec':{'ports':[{'name':'a','port':443}]}}   |                                                     | EndpointsNotFound | cannot find endpointslices for service/svc in \"ns\"",
                "{'spec':{'ports':[{'name':'a','port':443}]}}   | {'ports':[{'name':'b','port':1}],'endpoints':[{'addresses':['10.0.0.1']}]} | MissingEndpoints | endpointslices for service/svc in \"ns\" have no addresses with port name \"a\"",
                "{'spec':{'ports':[{'name':'a','port':443}]}}   | {'ports':[{'name':'a','port':1}],'endpoints':[{'addresses':['10.0.0.1'],'conditions':{'ready':false}}]} | MissingEndpoints | endpointslices for service/svc in \"ns\" have no addresses with port name \"a\"",
            })
    void saysWhyAServiceIsNotReached(String service, String slice, String reason, String message) {
        var found = Availability.find(
                WANTED,
                Optional.ofNullable(service).map(text -> (ObjectNode) json(text)),
                Optional.ofNullable(slice).map(AvailabilityTest::json).stream().toList());
        assertThat(found.problem()).contains(new Availability(false, reason, message));
    }

    @Test
    void reachesAServiceAtItsReadyEndpoints() {
        var slice = json(
                "{'ports':[{'name':'a','port':8443}],'endpoints':[{'addresses':['10.0.0.1'],'conditions':{'ready':true}},{'addresses':['10.0.0.2']}]}");
        var service = (ObjectNode) json("{'spec':{'ports':[{'name':'a','port':443}]}}");
        assertThat(Availability.find(WANTED, Optional.of(service), List.of(slice))
                        .addresses())
                .containsExactly(
                        new Availability.Address("10.0.0.1", 8443), new Availability.Address("10.0.0.2", 8443));
    }

    @Test
    void changesTheTimeOnlyWithTheStatus() {
        var first = Availability.PASSED
                .in(Documents.object(), Instant.parse("2025-01-01T00:00:00Z"))
                .orElseThrow();
        assertThat(Availability.PASSED.in(first, Instant.parse("2025-01-02T00:00:00Z")))
                .isEmpty();
        var local = Availability.LOCAL
                .in(first, Instant.parse("2025-01-02T00:00:00Z"))
                .orElseThrow();
        assertThat(local.path("status")
                        .path("conditions")
                        .path(0)
                        .path("lastTransitionTime")
                        .asText())
                .isEqualTo("2025-01-01T00:00:00Z");
        var failed = Availability.failedDiscovery("x")
                .in(local, Instant.parse("2025-01-03T00:00:00Z"))
                .orElseThrow();
        assertThat(failed.path("status")
                        .path("conditions")
                        .path(0)
                        .path("lastTransitionTime")
                        .asText())
                .isEqualTo("2025-01-03T00:00:00Z");
    }
}
