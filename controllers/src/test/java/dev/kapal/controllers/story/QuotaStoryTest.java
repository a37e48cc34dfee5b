package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Quotas and protected storage with the controllers that keep them.
@Timeout(60)
class QuotaStoryTest {
    private static final Key QUOTA = new Key("default", "q");

    private static ResourceQuota quota(Map<String, Quantity> hard) {
        return new ResourceQuotaBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("q")
                .endMetadata()
                .withNewSpec()
                .withHard(hard)
                .endSpec()
                .build();
    }

    private static String used(Cache<ResourceQuota> quotas) {
        var found = quotas.find(QUOTA);
        if (found.isEmpty()
                || found.get().getStatus() == null
                || found.get().getStatus().getUsed() == null) {
            return "";
        }
        return new TreeMap<>(found.get().getStatus().getUsed()).toString();
    }

    private static String message(KubernetesClientException refusal) {
        return refusal.getStatus().getMessage();
    }

    @Test
    @Conformance({"api-quota-promptly-calculated", "api-quota-configmap"})
    void whatIsThereCountsWhatComesIsHeldBackAndWhatGoesMakesRoom(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.await(
                    ConfigMap.class,
                    "the certificates' map",
                    maps -> maps.find(new Key("default", "kube-root-ca.crt")).isPresent());
            town.api()
                    .create(quota(
                            Map.of("configmaps", new Quantity("2"), "count/deployments.apps", new Quantity("1"))));
            town.await(
                    ResourceQuota.class,
                    "the first count",
                    quotas -> used(quotas).equals("{configmaps=1, count/deployments.apps=0}"));
            town.api().create(map("a"));
            var second = map("b");
            assertThatThrownBy(() -> town.api().create(second))
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            refusal -> assertThat(message(refusal))
                                    .contains("exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited:"
                                            + " configmaps=2"));
            town.api().delete(ConfigMap.class, new Key("default", "a"), new DeleteOptions());
            town.await(
                    ResourceQuota.class,
                    "room again",
                    quotas -> used(quotas).equals("{configmaps=1, count/deployments.apps=0}"));
            town.api().create(second);
            assertThat(used(town.cache(ResourceQuota.class))).isNotEmpty();
        }
    }

    @Test
    @Conformance({"api-quota-pod", "api-quota-update-delete"})
    void aPodThatHasEndedCostsNothingAndABoundMoves(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.api().create(quota(Map.of("pods", new Quantity("1"), "requests.cpu", new Quantity("500m"))));
            town.await(
                    ResourceQuota.class,
                    "the first count",
                    quotas -> used(quotas).equals("{pods=0, requests.cpu=0}"));
            town.await(
                    ServiceAccount.class,
                    "the default account",
                    accounts -> accounts.find(new Key("default", "default")).isPresent());
            town.api().create(pod("worker", "400m", ""));
            town.await(ResourceQuota.class, "a pod", quotas -> used(quotas).equals("{pods=1, requests.cpu=400m}"));
            town.api()
                    .delete(
                            Pod.class,
                            new Key("default", "worker"),
                            new DeleteOptionsBuilder()
                                    .withGracePeriodSeconds(0L)
                                    .build());
            town.await(ResourceQuota.class, "no pod", quotas -> used(quotas).equals("{pods=0, requests.cpu=0}"));
            var found = town.api().fetch(ResourceQuota.class, QUOTA).orElseThrow();
            found.getSpec().setHard(Map.of("pods", new Quantity("7")));
            town.api().update(found);
            town.await(
                    ResourceQuota.class,
                    "the new bound",
                    quotas -> quotas.find(QUOTA)
                            .map(quota -> quota.getStatus().getHard().equals(Map.of("pods", new Quantity("7"))))
                            .orElse(false));
        }
    }

    @Test
    void aClaimStaysUntilItsPodIsGone(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.await(
                    ServiceAccount.class,
                    "the default account",
                    accounts -> accounts.find(new Key("default", "default")).isPresent());
            var key = new Key("default", "data");
            town.api()
                    .create(new PersistentVolumeClaimBuilder()
                            .withNewMetadata()
                            .withNamespace("default")
                            .withName("data")
                            .endMetadata()
                            .withNewSpec()
                            .withAccessModes("ReadWriteOnce")
                            .withNewResources()
                            .addToRequests("storage", new Quantity("1Gi"))
                            .endResources()
                            .endSpec()
                            .build());
            var user = pod("user", "1m", "data");
            user.getSpec().setNodeName("n1");
            town.api().create(user);
            town.api().delete(PersistentVolumeClaim.class, key, new DeleteOptions());
            assertThat(town.api()
                            .fetch(PersistentVolumeClaim.class, key)
                            .orElseThrow()
                            .getMetadata()
                            .getFinalizers())
                    .containsExactly("kubernetes.io/pvc-protection");
            town.api()
                    .delete(
                            Pod.class,
                            new Key("default", "user"),
                            new DeleteOptionsBuilder()
                                    .withGracePeriodSeconds(0L)
                                    .build());
            town.await(
                    PersistentVolumeClaim.class,
                    "no claim",
                    claims -> claims.find(key).isEmpty());
        }
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .build();
    }

    private static Pod pod(String name, String cpu, String claim) {
        var pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
        if (!claim.isEmpty()) {
            pod.getSpec()
                    .setVolumes(List.of(new VolumeBuilder()
                            .withName("v")
                            .withNewPersistentVolumeClaim(claim, false)
                            .build()));
        }
        return pod;
    }
}
