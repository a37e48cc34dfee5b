package dev.kapal.cli;

import dev.kapal.base.time.Time;
import dev.kapal.client.KubeconfigFile;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a cluster needs before machines can join it: what it publishes about itself, and the rights of those who have a
/// token. Made with the first token, under the names that kubeadm gives them; safe to repeat, and what is there already
/// stays as it is.
final class JoinSetup {
    /// Whoever has a token of ours is in it.
    static final String GROUP = "system:bootstrappers:kubeadm:default-node-token";

    private static final String PUBLIC = "kube-public";
    private static final String INFO = "cluster-info";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String READER = "kubeadm:bootstrap-signer-clusterinfo";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final KubernetesClient client;

    JoinSetup(KubernetesClient client) {
        this.client = client;
    }

    /// @param url where machines reach the API server
    void ensure(String url, String authorityPem) {
        String kubeconfig = KubeconfigFile.withoutUser(url, authorityPem);
        create(new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(PUBLIC)
                .withName(INFO)
                .endMetadata()
                .withData(Map.of("kubeconfig", kubeconfig))
                .build());
        // the cluster may have another authority by now
        client.configMaps()
                .inNamespace(PUBLIC)
                .withName(INFO)
                .edit(info -> new ConfigMapBuilder(info)
                        .addToData("kubeconfig", kubeconfig)
                        .build());
        create(new RoleBuilder()
                .withNewMetadata()
                .withNamespace(PUBLIC)
                .withName(READER)
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("configmaps")
                .withResourceNames(INFO)
                .withVerbs("get")
                .endRule()
                .build());
        create(new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(PUBLIC)
                .withName(READER)
                .endMetadata()
                .withNewRoleRef(RBAC, "Role", READER)
                .addNewSubject()
                .withApiGroup(RBAC)
                .withKind("User")
                .withName("system:anonymous")
                .endSubject()
                .build());
        bind("kubeadm:kubelet-bootstrap", "system:node-bootstrapper", GROUP);
        bind(
                "kubeadm:node-autoapprove-bootstrap",
                "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
                GROUP);
        bind(
                "kubeadm:node-autoapprove-certificate-rotation",
                "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
                "system:nodes");
    }

    /// Whether the token counts: machines believe what its signature is on.
    boolean awaitSignature(String id, Time time) throws InterruptedException {
        long end = time.nanos() + PATIENCE.toNanos();
        while (time.nanos() - end < 0) {
            var info = client.configMaps().inNamespace(PUBLIC).withName(INFO).get();
            if (info != null && info.getData().containsKey("jws-kubeconfig-" + id)) {
                return true;
            }
            time.sleep(GLANCE);
        }
        return false;
    }

    private void bind(String name, String role, String group) {
        create(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewRoleRef(RBAC, "ClusterRole", role)
                .addNewSubject()
                .withApiGroup(RBAC)
                .withKind("Group")
                .withName(group)
                .endSubject()
                .build());
    }

    private void create(HasMetadata object) {
        try {
            client.resource(object).create();
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw refusal;
            }
        }
    }

    /// Where the API server is reached from other machines, as it says itself.
    static String url(KubernetesClient client) {
        var slice = client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withName("kubernetes")
                .get();
        if (slice == null || slice.getEndpoints().isEmpty() || slice.getPorts().isEmpty()) {
            throw new Refusal("the API server has not published its address yet; try again in a moment");
        }
        List<String> addresses = slice.getEndpoints().getFirst().getAddresses();
        return "https://%s:%d"
                .formatted(addresses.getFirst(), slice.getPorts().getFirst().getPort());
    }
}
