package dev.kapal.agent.node;

import dev.kapal.client.Api;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Json;
import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/// A node's objects over the API server's REST interface.
public final class ApiNodes implements NodeApi {
    private static final String LEASES = "kube-node-lease";

    private final Api api;
    private final EventRecorder events;
    private final ObjectReference self;

    public ApiNodes(Api api, EventRecorder events, String name) {
        this.api = api;
        this.events = events;
        // upstream's nodes refer to themselves by name, before they know their uid
        this.self = new ObjectReferenceBuilder()
                .withKind("Node")
                .withName(name)
                .withUid(name)
                .build();
    }

    @Override
    public Optional<Node> fetch(String name) throws InterruptedException {
        return api.fetch(Node.class, key(name));
    }

    @Override
    public Node register(Node node) throws InterruptedException {
        try {
            return api.create(node);
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw refusal;
            }
        }
        var patch = Json.mapper().createObjectNode();
        var labels = patch.putObject("metadata").putObject("labels");
        node.getMetadata().getLabels().forEach(labels::put);
        return api.patch(Node.class, key(node.getMetadata().getName()), Api.Patch.MERGE, patch.toString());
    }

    @Override
    public Optional<Node> patchStatus(String name, String patch) throws InterruptedException {
        try {
            return Optional.of(api.patchStatus(Node.class, key(name), Api.Patch.STRATEGIC, patch));
        } catch (KubernetesClientException refusal) {
            if (refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    @Override
    public Optional<Lease> fetchLease(String name) throws InterruptedException {
        return api.fetch(Lease.class, new Key(LEASES, name));
    }

    @Override
    public Lease putLease(Lease lease) throws InterruptedException {
        return lease.getMetadata().getResourceVersion() == null ? api.create(lease) : api.update(lease);
    }

    @Override
    public void event(boolean warning, String reason, String message) {
        var type = warning ? EventRecorder.Type.WARNING : EventRecorder.Type.NORMAL;
        events.event(self, type, reason, message, "kubelet");
    }

    private static Key key(String name) {
        return new Key("", name);
    }
}
