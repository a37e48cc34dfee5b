package dev.kapal.controllers.serviceaccount;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;

/// Keeps a ServiceAccount "default" in each namespace; keys are namespaces. Source: Kubernetes documentation, "Managing
/// Service Accounts".
public final class ServiceAccountReconciler implements Reconciler {
    private static final String DEFAULT = "default";

    private final Cache<Namespace> namespaces;
    private final Cache<ServiceAccount> accounts;
    private final Api api;

    public ServiceAccountReconciler(Informers informers, Api api) {
        this.namespaces = informers.of(Namespace.class);
        this.accounts = informers.of(ServiceAccount.class);
        this.api = api;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(namespaces), Wake.on(accounts, change -> switch (change) {
            case Change.Deleted<ServiceAccount>(ServiceAccount last) ->
                List.of(Key.cluster(last.getMetadata().getNamespace()));
            case Change.Added<ServiceAccount> added -> List.of();
            case Change.Updated<ServiceAccount> updated -> List.of();
        }));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var namespace = namespaces.find(key);
        if (namespace.isEmpty() || namespace.get().getMetadata().getDeletionTimestamp() != null) {
            return Outcome.settled();
        }
        var wanted = new Key(key.name(), DEFAULT);
        if (accounts.find(wanted).isEmpty()) {
            create(wanted);
        }
        return Outcome.settled();
    }

    private void create(Key key) throws InterruptedException {
        try {
            api.create(new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withName(key.name())
                    .withNamespace(key.namespace())
                    .endMetadata()
                    .build());
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isAlreadyExists(refusal) && !Refusals.isNamespaceTerminating(refusal)) {
                throw refusal;
            }
        }
    }
}
