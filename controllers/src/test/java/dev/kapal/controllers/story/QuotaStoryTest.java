package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Quotas and protected storage with the controllers that keep them.
@Timeout(300)
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

    /// Its server may be away while its objects are there.
    @Test
    void whatNobodyServesKeepsItsUsage(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.await(
                    ConfigMap.class,
                    "the certificates' map",
                    maps -> maps.find(new Key("default", "kube-root-ca.crt")).isPresent());
            town.api()
                    .create(quota(
                            Map.of("configmaps", new Quantity("9"), "count/widgets.example.com", new Quantity("5"))));
            town.await(
                    ResourceQuota.class,
                    "the first count",
                    quotas -> used(quotas).equals("{configmaps=1}"));
            var path = "/api/v1/namespaces/default/resourcequotas/q";
            var quota = (ObjectNode) town.api().get(path);
            quota.withObject("/status/used").put("configmaps", "7").put("count/widgets.example.com", "3");
            town.api().put(path + "/status", quota);
            town.await(
                    ResourceQuota.class,
                    "another count",
                    quotas -> used(quotas).equals("{configmaps=1, count/widgets.example.com=3}"));
            assertThat(used(town.cache(ResourceQuota.class))).isNotEmpty();
        }
    }

    @Test
    @Conformance({"api-quota-replicaset", "api-quota-rc", "api-quota-secret", "api-quota-service"})
    void everyKindIsCountedAsItComesAndGoes(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            var hard = new TreeMap<String, Quantity>();
            for (var name : List.of(
                    "resourcequotas", "count/replicasets.apps", "replicationcontrollers", "secrets", "services")) {
                hard.put(name, new Quantity("10"));
            }
            town.api().create(quota(hard));
            town.await(
                    ResourceQuota.class,
                    "the first count",
                    quotas -> used(quotas)
                            .equals("{count/replicasets.apps=0, replicationcontrollers=0, resourcequotas=1, secrets=0,"
                                    + " services=1}"));
            town.api()
                    .create(new SecretBuilder()
                            .withNewMetadata()
                            .withNamespace("default")
                            .withName("s")
                            .endMetadata()
                            .build());
            town.api()
                    .create(new ServiceBuilder()
                            .withNewMetadata()
                            .withNamespace("default")
                            .withName("web")
                            .endMetadata()
                            .withNewSpec()
                            .addNewPort()
                            .withPort(80)
                            .endPort()
                            .endSpec()
                            .build());
            town.api()
                    .create(new ReplicaSetBuilder()
                            .withNewMetadata()
                            .withNamespace("default")
                            .withName("rs")
                            .endMetadata()
                            .withNewSpec()
                            .withReplicas(0)
                            .withNewSelector()
                            .addToMatchLabels("a", "b")
                            .endSelector()
                            .withNewTemplate()
                            .withNewMetadata()
                            .addToLabels("a", "b")
                            .endMetadata()
                            .withSpec(pod("x", "1m", "").getSpec())
                            .endTemplate()
                            .endSpec()
                            .build());
            town.api()
                    .create(new ReplicationControllerBuilder()
                            .withNewMetadata()
                            .withNamespace("default")
                            .withName("rc")
                            .endMetadata()
                            .withNewSpec()
                            .withReplicas(0)
                            .addToSelector("c", "d")
                            .withNewTemplate()
                            .withNewMetadata()
                            .addToLabels("c", "d")
                            .endMetadata()
                            .withSpec(pod("x", "1m", "").getSpec())
                            .endTemplate()
                            .endSpec()
                            .build());
            town.await(
                    ResourceQuota.class,
                    "all of them",
                    quotas -> used(quotas)
                            .equals("{count/replicasets.apps=1, replicationcontrollers=1, resourcequotas=1, secrets=1,"
                                    + " services=2}"));
            town.api().delete(Secret.class, new Key("default", "s"), new DeleteOptions());
            town.api().delete(Service.class, new Key("default", "web"), new DeleteOptions());
            town.api().delete(ReplicaSet.class, new Key("default", "rs"), new DeleteOptions());
            town.api().delete(ReplicationController.class, new Key("default", "rc"), new DeleteOptions());
            town.await(
                    ResourceQuota.class,
                    "none of them",
                    quotas -> used(quotas)
                            .equals("{count/replicasets.apps=0, replicationcontrollers=0, resourcequotas=1, secrets=0,"
                                    + " services=1}"));
        }
    }

    @Test
    @Conformance("api-quota-status")
    void theStatusComesBackToWhatTheSpecSays(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.api().create(quota(Map.of("configmaps", new Quantity("5"))));
            town.await(
                    ResourceQuota.class,
                    "the count with the root certificate's config map, after which nobody writes any more",
                    quotas -> used(quotas).equals("{configmaps=1}"));
            var found = town.api().fetch(ResourceQuota.class, QUOTA).orElseThrow();
            found.getStatus().setHard(Map.of("configmaps", new Quantity("3")));
            var changed = town.api().updateStatus(found);
            assertThat(changed.getStatus().getHard()).isEqualTo(Map.of("configmaps", new Quantity("3")));
            town.await(
                    ResourceQuota.class,
                    "the bound of the spec",
                    quotas -> quotas.find(QUOTA)
                            .map(quota -> quota.getStatus().getHard().equals(Map.of("configmaps", new Quantity("5"))))
                            .orElse(false));
            town.api().delete(ResourceQuota.class, QUOTA, new DeleteOptions());
            town.await(
                    ResourceQuota.class,
                    "no quota",
                    quotas -> quotas.find(QUOTA).isEmpty());
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
