package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The life of a namespace, and what every namespace and node is given.
@Timeout(300)
class NamespaceTest {
    private static final Key SHOP = Key.cluster("shop");
    private static final Key CERTIFICATES = new Key("shop", "kube-root-ca.crt");

    @TempDir
    Path directory;

    private Town town;

    @BeforeEach
    void found() throws Exception {
        town = Town.start(directory);
        town.api()
                .create(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("shop")
                        .endMetadata()
                        .build());
    }

    @AfterEach
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    @Test
    @Conformance("auth-serviceaccount-root-ca-configmap")
    void getsAnAccountAndTheClustersCertificates() throws Exception {
        town.await(
                ServiceAccount.class,
                "an account",
                all -> all.find(new Key("shop", "default")).isPresent());
        awaitCertificates();
        town.api()
                .patch(
                        ConfigMap.class,
                        CERTIFICATES,
                        Api.Patch.MERGE,
                        "{\"data\":{\"ca.crt\":\"-- another --\",\"more\":\"of it\"}}");
        awaitCertificates();
        var before = town.api().fetch(ConfigMap.class, CERTIFICATES).orElseThrow();
        town.api().delete(ConfigMap.class, CERTIFICATES, new DeleteOptions());
        town.await(
                ConfigMap.class,
                "the certificates again",
                all -> all.find(CERTIFICATES)
                        .filter(map -> !map.getMetadata()
                                .getUid()
                                .equals(before.getMetadata().getUid()))
                        .isPresent());
        awaitCertificates();

        town.api().delete(ServiceAccount.class, new Key("shop", "default"), new DeleteOptions());
        town.await(
                ServiceAccount.class,
                "a new account",
                all -> all.find(new Key("shop", "default")).isPresent());
    }

    @Test
    @Conformance({"api-namespace-delete-removes-pods", "api-namespace-delete-removes-services"})
    void goesWithAllThatIsInIt() throws Exception {
        town.api().create(Workloads.web("shop", 3, "web:v1"));
        town.client()
                .resource(Workloads.service(Map.of("app", "web")))
                .inNamespace("shop")
                .create();
        town.await(Pod.class, "pods", all -> all.list("shop").size() == 3);

        town.api().delete(Namespace.class, SHOP, new DeleteOptions());

        town.await(Namespace.class, "gone", all -> all.find(SHOP).isEmpty());
        for (var plural : List.of("pods", "services", "configmaps")) {
            assertThat(town.api().get("/api/v1/namespaces/shop/" + plural).path("items"))
                    .isEmpty();
        }
    }

    @Test
    void waitsForFinalizersAndSaysSo() throws Exception {
        town.api()
                .create(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("held")
                        .withNamespace("shop")
                        .withFinalizers("example.com/hold")
                        .endMetadata()
                        .build());
        town.api().delete(Namespace.class, SHOP, new DeleteOptions());

        town.await(
                Namespace.class,
                "the reason",
                all -> all.find(SHOP)
                        .filter(shop -> shop.getStatus().getPhase().equals("Terminating"))
                        .filter(shop -> shop.getStatus().getConditions() != null
                                && shop.getStatus().getConditions().stream()
                                        .anyMatch(condition -> condition
                                                .getMessage()
                                                .equals("Some content in the namespace has finalizers remaining:"
                                                        + " example.com/hold in 1 resource instances")))
                        .isPresent());

        town.api()
                .patch(
                        ConfigMap.class,
                        new Key("shop", "held"),
                        Api.Patch.MERGE,
                        "{\"metadata\":{\"finalizers\":null}}");
        town.await(Namespace.class, "gone", all -> all.find(SHOP).isEmpty());
    }

    @Test
    void isEmptiedButStaysWhileAServerBehindTheApiIsAway() throws Exception {
        var services = "/apis/apiregistration.k8s.io/v1/apiservices";
        town.client()
                .raw(
                        services,
                        "POST",
                        Map.of(
                                "apiVersion",
                                "apiregistration.k8s.io/v1",
                                "kind",
                                "APIService",
                                "metadata",
                                Map.of("name", "v1.away.example.com"),
                                "spec",
                                Map.of(
                                        "group",
                                        "away.example.com",
                                        "version",
                                        "v1",
                                        "groupPriorityMinimum",
                                        100,
                                        "versionPriority",
                                        100,
                                        "service",
                                        Map.of("namespace", "default", "name", "nowhere"))));
        assertThat(town.api().get("/apis").path("groups"))
                .extracting(group -> group.path("name").asText())
                .contains("away.example.com");
        awaitCertificates();
        town.api().delete(Namespace.class, SHOP, new DeleteOptions());

        var reason = "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs:"
                + " away.example.com/v1: stale GroupVersion discovery: away.example.com/v1";
        town.await(
                Namespace.class,
                "the reason",
                all -> all.find(SHOP)
                        .filter(shop -> shop.getStatus().getConditions() != null
                                && shop.getStatus().getConditions().stream()
                                        .anyMatch(condition -> condition
                                                        .getType()
                                                        .equals("NamespaceDeletionDiscoveryFailure")
                                                && condition.getMessage().equals(reason)))
                        .isPresent());
        assertThat(town.api().get("/api/v1/namespaces/shop/configmaps").path("items"))
                .isEmpty();

        town.api().delete(services + "/v1.away.example.com", new DeleteOptions());
        town.await(Namespace.class, "gone", all -> all.find(SHOP).isEmpty());
    }

    @Test
    @Conformance({"api-namespace-patch", "api-namespace-update", "api-namespace-status"})
    void takesChangesOfItselfAndOfItsStatus() throws Exception {
        town.api().patch(Namespace.class, SHOP, Api.Patch.MERGE, "{\"metadata\":{\"labels\":{\"open\":\"always\"}}}");
        var shop = town.api().fetch(Namespace.class, SHOP).orElseThrow();
        assertThat(shop.getMetadata().getLabels()).containsEntry("open", "always");

        shop.getMetadata().getLabels().put("open", "seldom");
        town.api().update(shop);
        assertThat(town.api()
                        .fetch(Namespace.class, SHOP)
                        .orElseThrow()
                        .getMetadata()
                        .getLabels())
                .containsEntry("open", "seldom");

        var status = (ObjectNode) town.api().get("/api/v1/namespaces/shop/status");
        assertThat(status.at("/status/phase").asText()).isEqualTo("Active");
        town.api()
                .patchStatus(
                        Namespace.class,
                        SHOP,
                        Api.Patch.MERGE,
                        "{\"status\":{\"conditions\":[{\"type\":\"StatusPatch\",\"status\":\"True\",\"reason\":\"E2E\"}]}}");
        status = (ObjectNode) town.api().get("/api/v1/namespaces/shop/status");
        assertThat(status.at("/status/conditions/0/type").asText()).isEqualTo("StatusPatch");
        status.withArray("/status/conditions")
                .addObject()
                .put("type", "StatusUpdate")
                .put("status", "True");
        town.api().put("/api/v1/namespaces/shop/status", status);
        assertThat(town.api().get("/api/v1/namespaces/shop").at("/status/conditions"))
                .extracting(condition -> condition.path("type").asText())
                .containsExactly("StatusPatch", "StatusUpdate");
    }

    @Test
    @Conformance("api-namespace-finalizer")
    void isHeldByAFinalizerOfItsOwn() throws Exception {
        var path = "/api/v1/namespaces/shop";
        var shop = (ObjectNode) town.api().get(path);
        shop.withArray("/spec/finalizers").add("example.com/held");
        town.api().put(path + "/finalize", shop);
        shop = (ObjectNode) town.api().get(path);
        assertThat(shop.at("/spec/finalizers"))
                .extracting(JsonNode::asText)
                .containsExactly("kubernetes", "example.com/held");

        shop.withArray("/spec/finalizers").remove(1);
        town.api().put(path + "/finalize", shop);
        assertThat(town.api().get(path).at("/spec/finalizers"))
                .extracting(JsonNode::asText)
                .containsExactly("kubernetes");
    }

    @Test
    void givesEachNodeARangeOfItsOwn() throws Exception {
        for (String name : new String[] {"n1", "n2"}) {
            town.api()
                    .create(new NodeBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build());
        }

        town.await(
                Node.class,
                "two ranges",
                all -> all.all().stream()
                                .map(node -> node.getSpec().getPodCIDR())
                                .filter(cidr -> cidr != null && cidr.matches("10\\.244\\.[01]\\.0/24"))
                                .distinct()
                                .count()
                        == 2);
    }

    private void awaitCertificates() throws Exception {
        town.await(
                ConfigMap.class,
                "the certificates",
                all -> all.find(CERTIFICATES)
                        .filter(map -> map.getData().equals(Map.of("ca.crt", town.authorityPem())))
                        .isPresent());
    }
}
