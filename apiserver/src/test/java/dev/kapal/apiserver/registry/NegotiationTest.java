package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.registry.Negotiation.Shape;
import dev.kapal.model.codec.MediaType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NegotiationTest {
    private static final String TABLES = "application/json;as=Table;v=v1;g=meta.k8s.io,"
            + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    record Case(String accept, Negotiation answer) {}

    static Stream<Case> accepted() {
        var json = new Negotiation(Shape.FULL, "", MediaType.JSON, false);
        return Stream.of(
                new Case("", json),
                new Case("*/*", json),
                new Case("application/json", json),
                new Case("application/json;stream=watch", json),
                new Case("text/html,application/xhtml+xml,*/*;q=0.8", json),
                new Case(
                        "application/vnd.kubernetes.protobuf,application/json",
                        new Negotiation(Shape.FULL, "", MediaType.PROTOBUF, false)),
                new Case("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,application/json", json),
                new Case("application/cbor", new Negotiation(Shape.FULL, "", MediaType.CBOR, false)),
                new Case("application/yaml", new Negotiation(Shape.FULL, "", MediaType.YAML, false)),
                new Case(
                        "application/json;q=0.5,application/yaml",
                        new Negotiation(Shape.FULL, "", MediaType.YAML, false)),
                new Case(TABLES, new Negotiation(Shape.TABLE, "v1", MediaType.JSON, false)),
                new Case("application/json;as=Table;v=v2;g=meta.k8s.io,application/json", json),
                new Case(
                        "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
                        new Negotiation(Shape.PARTIAL, "v1", MediaType.JSON, false)));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void answersInTheFirstFormThatItKnows(Case c) {
        assertThat(Negotiation.of(c.accept, true, false)).isEqualTo(c.answer);
    }

    @Test
    void refusesWhatItCannotMake() {
        assertThatThrownBy(() -> Negotiation.of("application/vnd.kubernetes.protobuf", false, false))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status().code()).isEqualTo(406));
    }
}
