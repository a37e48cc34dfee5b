package dev.kapal.controllers.rootca;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;

/// Keeps the ConfigMap `kube-root-ca.crt` in each namespace: pods trust the API server by it. Keys are namespaces.
public final class RootCaReconciler implements Reconciler {
    private static final String NAME = "kube-root-ca.crt";
    private static final Map<String, String> DESCRIPTION = Map.of(
            "kubernetes.io/description",
            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the"
                    + " internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions"
                    + " of Kubernetes clusters.");

    private final Cache<Namespace> namespaces;
    private final Cache<ConfigMap> maps;
    private final Api api;
    private final Map<String, String> data;

    public RootCaReconciler(Informers informers, Api api, String caPem) {
        this.namespaces = informers.of(Namespace.class);
        this.maps = informers.withFields(ConfigMap.class, "metadata.name=" + NAME);
        this.api = api;
        this.data = Map.of("ca.crt", caPem);
    }

    @Override
    public List<Wake> wakes() {
        return List.of(
                Wake.own(namespaces),
                Wake.on(
                        maps,
                        change -> List.of(
                                Key.cluster(change.latest().getMetadata().getNamespace()))));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var namespace = namespaces.find(key);
        if (namespace.isEmpty() || namespace.get().getMetadata().getDeletionTimestamp() != null) {
            return Outcome.settled();
        }
        var there = maps.find(new Key(key.name(), NAME));
        if (there.isEmpty()) {
            create(key.name());
        } else if (!data.equals(there.get().getData())) {
            api.update(new ConfigMapBuilder(there.get())
                    .editMetadata()
                    .addToAnnotations(DESCRIPTION)
                    .endMetadata()
                    .withData(data)
                    .build());
        }
        return Outcome.settled();
    }

    private void create(String namespace) throws InterruptedException {
        try {
            api.create(new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(NAME)
                    .withNamespace(namespace)
                    .withAnnotations(DESCRIPTION)
                    .endMetadata()
                    .withData(data)
                    .build());
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isAlreadyExists(refusal) && !Refusals.isNamespaceTerminating(refusal)) {
                throw refusal;
            }
        }
    }
}
