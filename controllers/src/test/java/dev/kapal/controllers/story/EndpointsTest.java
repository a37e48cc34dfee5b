package dev.kapal.controllers.story;

import static java.util.stream.Collectors.toSet;

import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a Service shows of its pods, port by port, in both forms.
@Timeout(300)
class EndpointsTest {
    @TempDir
    Path directory;

    private Town town;

    @BeforeEach
    void found() throws Exception {
        town = Town.start(directory);
    }

    @AfterEach
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    @Test
    @Conformance("network-service-endpoints")
    void showThePortOfEachPodThatIsThere() throws Exception {
        service("web", "[{port: 80, targetPort: 8080}]");
        awaitEndpoints("web", Set.of());

        pod("one", "[{containerPort: 8080}]");
        awaitEndpoints("web", Set.of("one:8080"));
        pod("two", "[{containerPort: 8080}]");
        awaitEndpoints("web", Set.of("one:8080", "two:8080"));

        delete("one");
        awaitEndpoints("web", Set.of("two:8080"));
        delete("two");
        awaitEndpoints("web", Set.of());
    }

    @Test
    @Conformance("network-service-multiport-endpoints")
    void showOnlyThePortsThatAPodHas() throws Exception {
        service("web", "[{name: a, port: 80, targetPort: first}, {name: b, port: 81, targetPort: second}]");
        awaitEndpoints("web", Set.of());

        pod("one", "[{name: first, containerPort: 100}]");
        awaitEndpoints("web", Set.of("one:100"));
        pod("two", "[{name: second, containerPort: 101}]");
        awaitEndpoints("web", Set.of("one:100", "two:101"));

        delete("one");
        awaitEndpoints("web", Set.of("two:101"));
        delete("two");
        awaitEndpoints("web", Set.of());
    }

    /// Each wait ends in failure after the twenty seconds that half of the services may take.
    @Test
    @Conformance("network-service-latency-thresholds")
    void areThereSoonAfterEachOfAHundredServices() throws Exception {
        pod("one", "[{containerPort: 8080}]");
        town.await(
                Pod.class,
                "a running pod",
                pods -> pods.find(new Key("default", "one"))
                        .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                        .isPresent());
        for (int i = 0; i < 100; i++) {
            service("web-" + i, "[{port: 80, targetPort: 8080}]");
            awaitEndpoints("web-" + i, Set.of("one:8080"));
        }
    }

    private void service(String name, String ports) {
        create("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {selector: {app: web}, ports: %s}
                """.formatted(name, ports));
    }

    private void pod(String name, String ports) {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, labels: {app: web}}
                spec: {containers: [{name: main, image: "web:v1", ports: %s}]}
                """.formatted(name, ports));
    }

    private void create(String yaml) {
        town.client().resource(yaml).inNamespace("default").create();
    }

    private void delete(String pod) throws InterruptedException {
        town.api().delete(Pod.class, new Key("default", pod), new DeleteOptions());
    }

    /// @param wanted pods and ports, `one:80`
    private void awaitEndpoints(String service, Set<String> wanted) throws Exception {
        town.await(
                Endpoints.class,
                "endpoints " + wanted,
                all -> all.find(new Key("default", service)).isPresent()
                        && inEndpoints(all, service).equals(wanted));
        town.await(
                EndpointSlice.class,
                "slices of " + wanted,
                all -> inSlices(all, service).equals(wanted));
    }

    private static Set<String> inEndpoints(Cache<Endpoints> all, String service) {
        return all.find(new Key("default", service)).stream()
                .flatMap(endpoints -> endpoints.getSubsets().stream())
                .flatMap(subset -> subset.getAddresses().stream()
                        .flatMap(address -> subset.getPorts().stream()
                                .map(port -> address.getTargetRef().getName() + ":" + port.getPort())))
                .collect(toSet());
    }

    private static Set<String> inSlices(Cache<EndpointSlice> all, String service) {
        return all.list("default").stream()
                .filter(slice -> service.equals(slice.getMetadata().getLabels().get("kubernetes.io/service-name")))
                .flatMap(slice -> slice.getEndpoints().stream()
                        .filter(endpoint -> endpoint.getConditions().getReady())
                        .flatMap(endpoint -> slice.getPorts().stream()
                                .map(port -> endpoint.getTargetRef().getName() + ":" + port.getPort())))
                .collect(toSet());
    }
}
