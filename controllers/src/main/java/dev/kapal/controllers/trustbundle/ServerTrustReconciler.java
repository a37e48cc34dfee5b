package dev.kapal.controllers.trustbundle;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundleBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/// Keeps the ClusterTrustBundle by which pods may trust the API server, the only one of its signer; its name tells its
/// content. One key, [#KEY]. Source: KEP-3257, "Cluster Trust Bundles", kube-apiserver-serving.
public final class ServerTrustReconciler implements Reconciler {
    public static final Key KEY = Key.cluster("kube-apiserver-serving");
    static final String SIGNER = "kubernetes.io/kube-apiserver-serving";
    /// So many bytes of the hash are in the name.
    private static final int HASHED = 12;

    private final Cache<ClusterTrustBundle> bundles;
    private final Api api;
    private final String caPem;
    private final Key own;

    public ServerTrustReconciler(Informers informers, Api api, String caPem) {
        this.bundles = informers.withFields(ClusterTrustBundle.class, "spec.signerName=" + SIGNER);
        this.api = api;
        this.caPem = caPem;
        this.own = Key.cluster(name(caPem));
    }

    static String name(String pem) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(pem.getBytes(StandardCharsets.UTF_8));
            return SIGNER.replace('/', ':') + ":" + HexFormat.of().formatHex(hash, 0, HASHED);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.on(bundles, change -> List.of(KEY)));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var there = bundles.find(own);
        if (there.isEmpty()) {
            create();
        } else if (!caPem.equals(there.get().getSpec().getTrustBundle())) {
            api.update(new ClusterTrustBundleBuilder(there.get())
                    .editSpec()
                    .withTrustBundle(caPem)
                    .endSpec()
                    .build());
        }
        for (var other : bundles.all()) {
            if (!Key.of(other).equals(own)) {
                api.delete(ClusterTrustBundle.class, Key.of(other), new DeleteOptions());
            }
        }
        return Outcome.settled();
    }

    private void create() throws InterruptedException {
        try {
            api.create(new ClusterTrustBundleBuilder()
                    .withNewMetadata()
                    .withName(own.name())
                    .endMetadata()
                    .withNewSpec()
                    .withSignerName(SIGNER)
                    .withTrustBundle(caPem)
                    .endSpec()
                    .build());
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isAlreadyExists(refusal)) {
                throw refusal;
            }
        }
    }
}
