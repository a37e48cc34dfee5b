package dev.kapal.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.network.NetworkConfig;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random clusters change at random. After every transaction each service leads to its usable endpoints, all of
/// them and no other, and the table is the one that starting anew would make. Replay: the seed is the test's name.
class RulesetPropertyTest {
    private static final int SERVICES = 6;
    private static final int STEPS = 120;

    private final ServicePlanner planner = new ServicePlanner(NetworkConfig.DEFAULT, "me");

    private record Wanted(Service service, List<EndpointBuilder> endpoints) {
        EndpointSlice slice() {
            return Objects.tcp(endpoints.toArray(EndpointBuilder[]::new));
        }

        /// The model: said again, as simply as it can be said.
        Set<String> usable(boolean localOnly) {
            var all = endpoints.stream()
                    .map(EndpointBuilder::build)
                    .filter(endpoint -> !localOnly || endpoint.getNodeName().equals("me"))
                    .toList();
            var ready = all.stream()
                    .filter(endpoint -> endpoint.getConditions().getReady())
                    .toList();
            var leaving = all.stream()
                    .filter(endpoint -> endpoint.getConditions().getServing())
                    .toList();
            return (ready.isEmpty() ? leaving : ready)
                    .stream()
                            .map(endpoint -> endpoint.getAddresses().getFirst() + " . 8080")
                            .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyServiceLeadsToItsEndpointsAndToNoOther(long seed) {
        var random = new Random(seed);
        var ruleset = new Ruleset("kapal");
        var table = new SimulatedTable();
        var cluster = new TreeMap<Integer, Wanted>();
        for (int step = 0; step < STEPS; step++) {
            var changes = new HashMap<Owner, Rules>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                int number = random.nextInt(SERVICES);
                if (random.nextInt(5) == 0) {
                    cluster.remove(number);
                    changes.put(owner(number), Rules.NONE);
                } else {
                    var wanted = wanted(number, random);
                    cluster.put(number, wanted);
                    changes.put(owner(number), planner.plan(wanted.service(), List.of(wanted.slice())));
                }
            }
            table.apply(ruleset.change(changes));
            cluster.forEach((number, wanted) -> check(table, number, wanted));
            checkNothingElse(table, cluster);
            checkSameAsAnew(table, ruleset);
        }
    }

    private static void check(SimulatedTable table, int number, Wanted wanted) {
        boolean internalLocal = "Local".equals(wanted.service().getSpec().getInternalTrafficPolicy());
        boolean sticky = "ClientIP".equals(wanted.service().getSpec().getSessionAffinity());
        var all = wanted.usable(false);
        var inside = internalLocal ? wanted.usable(true) : all;
        var key = address(number) + " . tcp . 80";
        var none = Set.of(all.isEmpty() ? "goto refuse" : "drop");
        assertThat(table.destinations(key)).isEqualTo(inside.isEmpty() ? none : inside);
        boolean numbered = !inside.isEmpty() && !sticky;
        assertThat(table.numbersOf("backends", key)).isEqualTo(numbered ? inside.size() : 0);
        assertThat(table.nodePortDestinations("tcp . " + (30000 + number)))
                .isEqualTo(all.isEmpty() ? Set.of("goto refuse") : all);
    }

    private static void checkNothingElse(SimulatedTable table, Map<Integer, Wanted> cluster) {
        for (int number = 0; number < SERVICES; number++) {
            if (!cluster.containsKey(number)) {
                assertThat(table.destinations(address(number) + " . tcp . 80")).containsExactly("unknown");
                assertThat(table.nodePortDestinations("tcp . " + (30000 + number)))
                        .containsExactly("unknown");
            }
        }
        assertThat(table.elements.get("addresses").keySet()).hasSize(cluster.size());
    }

    private static void checkSameAsAnew(SimulatedTable table, Ruleset ruleset) {
        var anew = new SimulatedTable();
        anew.apply(ruleset.complete());
        assertThat(table.elements).isEqualTo(anew.elements);
        assertThat(table.chains).isEqualTo(anew.chains);
        assertThat(table.sets).isEqualTo(anew.sets);
    }

    private static Wanted wanted(int number, Random random) {
        var service =
                Objects.nodePort(Objects.service("s" + number, address(number)).build(), 30000 + number);
        var spec = service.getSpec();
        spec.setSessionAffinity(random.nextInt(3) == 0 ? "ClientIP" : "None");
        spec.setInternalTrafficPolicy(random.nextInt(4) == 0 ? "Local" : "Cluster");
        spec.setExternalTrafficPolicy("Cluster");
        var endpoints = new ArrayList<EndpointBuilder>();
        for (int i = random.nextInt(5); i > 0; i--) {
            // Few addresses, so that services share endpoints.
            var endpoint = Objects.at("10.244.0." + i).withNodeName(random.nextBoolean() ? "me" : "other");
            boolean ready = random.nextInt(3) > 0;
            boolean serving = ready || random.nextBoolean();
            endpoints.add(endpoint.withNewConditions(ready, serving, !ready && serving));
        }
        return new Wanted(service, endpoints);
    }

    private static String address(int number) {
        return "10.96.1." + number;
    }

    private static Owner owner(int number) {
        return new Owner(Owner.SERVICE, "shop/s" + number);
    }
}
