package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The life of a namespace, and what every namespace and node is given.
@Timeout(60)
class NamespaceTest {
    private static final Key SHOP = Key.cluster("shop");

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
    void getsAnAccountAndTheClustersCertificates() throws Exception {
        town.await(
                ServiceAccount.class,
                "an account",
                all -> all.find(new Key("shop", "default")).isPresent());
        town.await(
                ConfigMap.class,
                "the certificates",
                all -> all.find(new Key("shop", "kube-root-ca.crt"))
                        .filter(map ->
                                "-- a certificate --".equals(map.getData().get("ca.crt")))
                        .isPresent());

        town.api().delete(ServiceAccount.class, new Key("shop", "default"), new DeleteOptions());
        town.await(
                ServiceAccount.class,
                "a new account",
                all -> all.find(new Key("shop", "default")).isPresent());
    }

    @Test
    void goesWithAllThatIsInIt() throws Exception {
        town.api().create(Workloads.web("shop", 3, "web:v1"));
        town.await(Pod.class, "pods", all -> all.list("shop").size() == 3);

        town.api().delete(Namespace.class, SHOP, new DeleteOptions());

        town.await(Namespace.class, "gone", all -> all.find(SHOP).isEmpty());
        assertThat(town.cache(Pod.class).list("shop")).isEmpty();
        assertThat(town.cache(ConfigMap.class).list("shop")).isEmpty();
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
}
