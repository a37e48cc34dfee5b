package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Key;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How Services learn where their pods are.
@Timeout(300)
class ServiceTest {
    private static final Key WEB = new Key("default", "web");

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
    @Conformance({"network-endpointslice-pods-matching-service", "network-endpointslice-create-delete-with-selector"})
    void tellsThePodsBehindItAsTheyComeAndGo() throws Exception {
        slicesAreDiscovered();
        town.api().create(Workloads.service(Map.of("app", "web")));
        town.await(
                EndpointSlice.class,
                "an empty slice",
                all -> slices(all.list("default")).size() == 1);

        town.api().create(Workloads.web(3, "web:v1"));
        town.await(EndpointSlice.class, "three endpoints", all -> ready(all.list("default")) == 3);
        town.await(
                Endpoints.class,
                "three addresses",
                all -> all.find(WEB)
                        .filter(endpoints -> endpoints.getSubsets().size() == 1
                                && endpoints
                                                .getSubsets()
                                                .getFirst()
                                                .getAddresses()
                                                .size()
                                        == 3)
                        .isPresent());
        assertThat(slices(town.cache(EndpointSlice.class).list("default")))
                .singleElement()
                .satisfies(slice -> {
                    assertThat(slice.getMetadata().getName()).startsWith("web-");
                    assertThat(slice.getMetadata().getLabels())
                            .containsEntry("kubernetes.io/service-name", "web")
                            .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                            .containsEntry("team", "blue");
                    assertThat(slice.getPorts()).singleElement().satisfies(port -> {
                        assertThat(port.getName()).isEqualTo("web");
                        assertThat(port.getPort()).isEqualTo(8080);
                    });
                });

        town.api().delete(Deployment.class, WEB, new DeleteOptions());
        town.await(
                EndpointSlice.class,
                "no endpoint",
                all -> ready(all.list("default")) == 0
                        && slices(all.list("default")).size() == 1);

        town.api().delete(Service.class, WEB, new DeleteOptions());
        town.await(
                EndpointSlice.class,
                "no slice",
                all -> slices(all.list("default")).isEmpty());
        town.await(Endpoints.class, "no endpoints", all -> all.find(WEB).isEmpty());
    }

    @Test
    @Conformance("network-endpointslicemirroring-mirror")
    void mirrorsHandWrittenEndpoints() throws Exception {
        slicesAreDiscovered();
        town.api().create(Workloads.service(Map.of()));
        town.api()
                .create(new EndpointsBuilder()
                        .withNewMetadata()
                        .withName("web")
                        .withNamespace("default")
                        .endMetadata()
                        .addNewSubset()
                        .addNewAddress()
                        .withIp("192.0.2.7")
                        .endAddress()
                        .addNewPort()
                        .withName("web")
                        .withPort(8080)
                        .endPort()
                        .endSubset()
                        .build());

        awaitMirror("192.0.2.7");
        var written = town.api().fetch(Endpoints.class, WEB).orElseThrow();
        written.getSubsets().getFirst().getAddresses().getFirst().setIp("192.0.2.8");
        town.api().update(written);
        awaitMirror("192.0.2.8");

        town.api().delete(Endpoints.class, WEB, new DeleteOptions());
        town.await(
                EndpointSlice.class,
                "no mirror of endpoints that are gone",
                all -> slices(all.list("default")).isEmpty());

        written.getMetadata().setResourceVersion(null);
        town.api().create(written);
        awaitMirror("192.0.2.8");
        town.api().delete(Service.class, WEB, new DeleteOptions());
        town.await(
                EndpointSlice.class,
                "no mirror",
                all -> slices(all.list("default")).isEmpty());
    }

    private void awaitMirror(String address) throws Exception {
        town.await(
                EndpointSlice.class,
                "a mirror of " + address,
                all -> slices(all.list("default")).stream()
                        .anyMatch(slice -> slice.getEndpoints().size() == 1
                                && slice.getEndpoints()
                                        .getFirst()
                                        .getAddresses()
                                        .equals(List.of(address))
                                && "endpointslicemirroring-controller.k8s.io"
                                        .equals(slice.getMetadata()
                                                .getLabels()
                                                .get("endpointslice.kubernetes.io/managed-by"))));
    }

    private void slicesAreDiscovered() throws Exception {
        assertThat(town.api().get("/apis").path("groups"))
                .extracting(group -> group.at("/preferredVersion/groupVersion").asText())
                .contains("discovery.k8s.io/v1");
        assertThat(town.api().get("/apis/discovery.k8s.io/v1").path("resources"))
                .extracting(resource -> resource.path("name").asText())
                .contains("endpointslices");
    }

    private static List<EndpointSlice> slices(List<EndpointSlice> all) {
        return all.stream()
                .filter(slice -> "web".equals(slice.getMetadata().getLabels().get("kubernetes.io/service-name")))
                .toList();
    }

    private static long ready(List<EndpointSlice> all) {
        return slices(all).stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> endpoint.getConditions().getReady())
                .count();
    }
}
