package dev.kapal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {
    private static final Instant NOW = Instant.parse("2025-06-01T12:00:00Z");

    private final EventCorrelator correlator = new EventCorrelator();

    @Test
    void countsTheSameEventOnTheFirstOne() {
        var first = admit("a", "pulled", NOW);
        assertThat(first.repeated()).isFalse();
        correlator.written(first, first.event());

        var second = admit("b", "pulled", NOW.plusSeconds(5));

        assertThat(second.repeated()).isTrue();
        assertThat(second.event().getMetadata().getName()).isEqualTo("a");
        assertThat(second.event().getCount()).isEqualTo(2);
    }

    @Test
    void combinesManySimilarMessages() {
        for (int i = 0; i < 9; i++) {
            var each = admit("e" + i, "created pod " + i, NOW);
            assertThat(each.event().getMessage()).isEqualTo("created pod " + i);
            correlator.written(each, each.event());
        }

        var tenth = admit("e9", "created pod 9", NOW);
        correlator.written(tenth, tenth.event());
        var eleventh = admit("e10", "created pod 10", NOW);

        assertThat(tenth.event().getMessage()).isEqualTo("(combined from similar events): created pod 9");
        assertThat(tenth.repeated()).isFalse();
        assertThat(eleventh.repeated()).isTrue();
        assertThat(eleventh.event().getCount()).isEqualTo(2);
    }

    @Test
    void startsOverAfterAQuietWhile() {
        for (int i = 0; i < 10; i++) {
            admit("e" + i, "created pod " + i, NOW);
        }

        var later = admit("e11", "created pod 11", NOW.plus(Duration.ofMinutes(11)));

        assertThat(later.event().getMessage()).isEqualTo("created pod 11");
    }

    @Test
    void lets25AboutOneObjectThroughAndThenOneInFiveMinutes() {
        for (int i = 0; i < 25; i++) {
            assertThat(correlator.admit(event("e" + i, "m"), NOW)).isPresent();
        }
        assertThat(correlator.admit(event("e25", "m"), NOW)).isEmpty();
        assertThat(correlator.admit(event("e26", "m"), NOW.plus(Duration.ofMinutes(5))))
                .isPresent();
        assertThat(correlator.admit(event("e27", "m"), NOW.plus(Duration.ofMinutes(5))))
                .isEmpty();
    }

    private EventCorrelator.Admitted admit(String name, String message, Instant at) {
        return correlator.admit(event(name, message), at).orElseThrow();
    }

    private static Event event(String name, String message) {
        return new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewInvolvedObject()
                .withKind("Pod")
                .withNamespace("default")
                .withName("web-1")
                .endInvolvedObject()
                .withNewSource()
                .withComponent("kubelet")
                .endSource()
                .withType("Normal")
                .withReason("Testing")
                .withMessage(message)
                .withCount(1)
                .build();
    }
}
