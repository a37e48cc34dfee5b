package dev.kapal.controllers.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
    private static final EndpointPort HTTP = new EndpointPortBuilder()
            .withName("http")
            .withPort(80)
            .withProtocol("TCP")
            .build();
    private static final Wanted.Group GROUP = new Wanted.Group("IPv4", List.of(HTTP));

    @Test
    void keepsOneEmptySliceForAServiceWithoutEndpoints() {
        var plan = SlicePlan.of(wanted(new Wanted.Group("IPv4", List.of()), List.of()), List.of());

        assertThat(plan.create()).singleElement().satisfies(slice -> {
            assertThat(slice.getMetadata().getGenerateName()).isEqualTo("web-");
            assertThat(slice.getEndpoints()).isEmpty();
        });
    }

    @Test
    void spreadsManyEndpointsOverSlicesOfAHundred() {
        var plan = SlicePlan.of(wanted(GROUP, endpoints(0, 250)), List.of());

        assertThat(plan.create())
                .extracting(slice -> slice.getEndpoints().size())
                .containsExactly(100, 100, 50);
    }

    @Test
    void writesOnlyTheSliceThatLostAnEndpoint() {
        var full = slice("a", endpoints(0, 100));
        var other = slice("b", endpoints(100, 150));
        var left = new ArrayList<>(endpoints(0, 150));
        left.remove(120);

        var plan = SlicePlan.of(wanted(GROUP, left), List.of(full, other));

        assertThat(plan.create()).isEmpty();
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.update()).singleElement().satisfies(slice -> {
            assertThat(slice.getMetadata().getName()).isEqualTo("b");
            assertThat(slice.getEndpoints()).hasSize(49);
        });
    }

    @Test
    void putsANewEndpointIntoTheFullestSliceWithRoom() {
        var plan = SlicePlan.of(
                wanted(GROUP, endpoints(0, 131)),
                List.of(
                        slice("a", endpoints(0, 100)),
                        slice("b", endpoints(100, 110)),
                        slice("c", endpoints(110, 130))));

        assertThat(plan.update())
                .extracting(slice -> slice.getMetadata().getName())
                .containsExactly("c");
    }

    @Test
    void turnsTheLastSliceIntoTheEmptyOneInsteadOfReplacingIt() {
        var none = new Wanted.Group("IPv4", List.of());

        var plan = SlicePlan.of(wanted(none, List.of()), List.of(slice("a", endpoints(0, 3))));

        assertThat(plan.create()).isEmpty();
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.update()).singleElement().satisfies(slice -> {
            assertThat(slice.getMetadata().getName()).isEqualTo("a");
            assertThat(slice.getEndpoints()).isEmpty();
            assertThat(slice.getPorts()).isEmpty();
        });
    }

    @Test
    void tellsAChangedConditionInPlace() {
        var now = new ArrayList<>(endpoints(0, 3));
        now.set(
                1,
                new EndpointBuilder(now.get(1))
                        .withNewConditions(false, false, true)
                        .build());

        var plan = SlicePlan.of(wanted(GROUP, now), List.of(slice("a", endpoints(0, 3))));

        assertThat(plan.update())
                .singleElement()
                .satisfies(slice -> assertThat(slice.getEndpoints()).isEqualTo(now));
    }

    @Test
    void changesNothingTheSecondTime() {
        var wanted = wanted(GROUP, endpoints(0, 120));
        var stored = new ArrayList<EndpointSlice>();
        apply(SlicePlan.of(wanted, List.of()), stored);

        assertThat(SlicePlan.of(wanted, stored).changesNothing()).isTrue();
    }

    @Test
    void saysWhatIsWantedAfterAnySeriesOfChanges() {
        for (long seed = 0; seed < 40; seed++) {
            var random = new Random(seed);
            var stored = new ArrayList<EndpointSlice>();
            for (int step = 0; step < 20; step++) {
                int from = random.nextInt(200);
                var endpoints = endpoints(from, from + random.nextInt(350));
                var group = endpoints.isEmpty() ? new Wanted.Group("IPv4", List.of()) : GROUP;

                apply(SlicePlan.of(wanted(group, endpoints), stored), stored);

                Set<Endpoint> told = new HashSet<>();
                stored.forEach(slice -> told.addAll(slice.getEndpoints()));
                assertThat(told).as("seed %d step %d", seed, step).isEqualTo(new HashSet<>(endpoints));
                assertThat(stored.stream()
                                .mapToInt(slice -> slice.getEndpoints().size())
                                .sum())
                        .isEqualTo(endpoints.size());
                assertThat(stored)
                        .isNotEmpty()
                        .allMatch(slice -> slice.getEndpoints().size() <= SlicePlan.FULL);
            }
        }
    }

    private static int names;

    private static void apply(SlicePlan plan, List<EndpointSlice> stored) {
        Set<String> touched = new HashSet<>();
        plan.delete().forEach(slice -> touched.add(slice.getMetadata().getName()));
        plan.update().forEach(slice -> touched.add(slice.getMetadata().getName()));
        stored.removeIf(slice -> touched.contains(slice.getMetadata().getName()));
        stored.addAll(plan.update());
        for (EndpointSlice slice : plan.create()) {
            stored.add(new EndpointSliceBuilder(slice)
                    .editMetadata()
                    .withName("web-" + names++)
                    .endMetadata()
                    .build());
        }
    }

    private static Wanted wanted(Wanted.Group group, List<Endpoint> endpoints) {
        return new Wanted(
                "default",
                "web-",
                Map.of("app", "web"),
                Map.of(),
                new OwnerReferenceBuilder()
                        .withKind("Service")
                        .withName("web")
                        .withUid("u")
                        .build(),
                Map.of(group, endpoints));
    }

    private static EndpointSlice slice(String name, List<Endpoint> endpoints) {
        var made = SlicePlan.of(wanted(GROUP, endpoints), List.of()).create().getFirst();
        return new EndpointSliceBuilder(made)
                .editMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }

    private static List<Endpoint> endpoints(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new EndpointBuilder()
                        .withAddresses("10.244." + i / 250 + "." + (i % 250 + 1))
                        .withNewConditions(true, true, false)
                        .build())
                .toList();
    }
}
