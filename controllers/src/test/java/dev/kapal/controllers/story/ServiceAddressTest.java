package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;
import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDRBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Cluster IPs as objects, and the ranges that they come from.
@Timeout(300)
class ServiceAddressTest {
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
    void everyClusterIpIsAnObjectThatSaysWhoHasIt() throws Exception {
        var ip = town.api().create(service("10.96.0.30")).getSpec().getClusterIP();
        await(ip, address -> "web".equals(address.getSpec().getParentRef().getName()));
        var address = town.cache(IPAddress.class).find(Key.cluster(ip)).orElseThrow();
        assertThat(address.getMetadata().getLabels())
                .containsAllEntriesOf(Map.of(
                        "ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io",
                        "ipaddress.kubernetes.io/ip-family", "IPv4"));
        assertThat(address.getSpec().getParentRef().getResource()).isEqualTo("services");
        assertThat(address.getSpec().getParentRef().getNamespace()).isEqualTo("default");
        await("10.96.0.1", own -> own.getSpec().getParentRef().getName().equals("kubernetes"));

        town.api().delete(IPAddress.class, Key.cluster(ip), new DeleteOptions());
        await(
                ip,
                again -> !again.getMetadata()
                        .getUid()
                        .equals(address.getMetadata().getUid()));

        town.api().delete(Service.class, WEB, new DeleteOptions());
        town.await(
                IPAddress.class, "no address", all -> all.find(Key.cluster(ip)).isEmpty());
    }

    @Test
    void theRangeOfTheServerIsThereAndReady() throws Exception {
        town.await(ServiceCIDR.class, "the first range", all -> says(all, "kubernetes", "True"));

        var range =
                town.cache(ServiceCIDR.class).find(Key.cluster("kubernetes")).orElseThrow();
        assertThat(range.getSpec().getCidrs()).containsExactly("10.96.0.0/16");
        assertThat(range.getMetadata().getFinalizers()).contains("networking.k8s.io/service-cidr-finalizer");
    }

    @Test
    void aRangeStaysUntilNoServiceNeedsIt() throws Exception {
        var range = new ServiceCIDRBuilder()
                .withNewMetadata()
                .withName("more")
                .endMetadata()
                .withNewSpec()
                .withCidrs("10.7.0.0/24")
                .endSpec()
                .build();
        town.api().create(range);
        town.await(ServiceCIDR.class, "another range", all -> says(all, "more", "True"));
        town.api().create(service("10.7.0.5"));
        await("10.7.0.5", address -> true);

        town.api().delete(ServiceCIDR.class, Key.cluster("more"), new DeleteOptions());
        town.await(ServiceCIDR.class, "that it is held", all -> says(all, "more", "False"));

        town.api().delete(Service.class, WEB, new DeleteOptions());
        town.await(
                ServiceCIDR.class,
                "that it is gone",
                all -> all.find(Key.cluster("more")).isEmpty());
    }

    private static boolean says(Cache<ServiceCIDR> all, String name, String ready) {
        return all.find(Key.cluster(name)).filter(range -> range.getStatus() != null).stream()
                .flatMap(range -> range.getStatus().getConditions().stream())
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals(ready));
    }

    private void await(String ip, Predicate<IPAddress> wanted) throws Exception {
        town.await(
                IPAddress.class,
                ip,
                all -> all.find(Key.cluster(ip)).filter(wanted).isPresent());
    }

    private static Service service(String ip) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withClusterIP(ip)
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }
}
