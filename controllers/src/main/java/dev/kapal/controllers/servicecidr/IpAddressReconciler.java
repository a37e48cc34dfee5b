package dev.kapal.controllers.servicecidr;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Refusals;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;

/// Keeps an IPAddress for each cluster IP, which says who has it. Services themselves decide what is taken, so an
/// address that is missing or left over does no harm until it is put right. Keys are services.
public final class IpAddressReconciler implements Reconciler {
    private static final String BY_SERVICE = "service";
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Cache<Service> services;
    private final Cache<IPAddress> addresses;
    private final Api api;

    public IpAddressReconciler(Informers informers, Api api) {
        this.services = informers.of(Service.class);
        this.addresses = informers
                .of(IPAddress.class)
                .index(
                        BY_SERVICE,
                        address -> owners(address).stream().map(Key::toString).toList());
        this.api = api;
    }

    private static List<Key> owners(IPAddress address) {
        return ServiceAddresses.owner(address).map(List::of).orElse(List.of());
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(services), Wake.on(addresses, change -> owners(change.latest())));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var wanted = services.find(key).map(ServiceAddresses::of).orElse(List.of());
        for (var address : addresses.byIndex(BY_SERVICE, key.toString())) {
            if (!wanted.contains(address.getMetadata().getName())) {
                api.delete(IPAddress.class, Key.of(address), onlyThis(address));
            }
        }
        for (var ip : wanted) {
            var there = addresses.find(Key.cluster(ip));
            if (there.isEmpty()) {
                create(ip, key);
            } else if (!owners(there.get()).contains(key)) {
                return Outcome.again(PATIENCE, ip + " still belongs to another");
            }
        }
        return Outcome.settled();
    }

    private static DeleteOptions onlyThis(IPAddress address) {
        return new DeleteOptionsBuilder()
                .withNewPreconditions()
                .withUid(address.getMetadata().getUid())
                .endPreconditions()
                .build();
    }

    private void create(String ip, Key service) throws InterruptedException {
        try {
            api.create(ServiceAddresses.object(ip, service));
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isAlreadyExists(refusal)) { // the cache will tell whose it is
                throw refusal;
            }
        }
    }
}
