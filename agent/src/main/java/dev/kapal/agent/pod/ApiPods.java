package dev.kapal.agent.pod;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.client.Kind;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/// Pods as their node writes them to the API server. Any thread; blocks on the network.
public final class ApiPods implements PodApi {
    private final Api api;

    public ApiPods(Api api) {
        this.api = api;
    }

    @Override
    public Optional<Pod> patchStatus(PodKey pod, String patch) throws InterruptedException {
        try {
            return Optional.of(api.patchStatus(Pod.class, keyOf(pod), Api.Patch.STRATEGIC, patch));
        } catch (KubernetesClientException refusal) {
            if (isGone(refusal)) {
                return Optional.empty();
            }
            throw refusal;
        }
    }

    @Override
    public void delete(PodKey pod) throws InterruptedException {
        DeleteOptions options = new DeleteOptionsBuilder()
                .withGracePeriodSeconds(0L)
                .withNewPreconditions(null, pod.uid())
                .build();
        try {
            api.delete(path(pod), options);
        } catch (KubernetesClientException refusal) {
            if (!isGone(refusal)) {
                throw refusal;
            }
        }
    }

    private static String path(PodKey pod) {
        return Kind.of(Pod.class).object(keyOf(pod));
    }

    private static Key keyOf(PodKey pod) {
        return new Key(pod.namespace(), pod.name());
    }

    /// There is no such pod, or another one under its name: the uid is a precondition.
    private static boolean isGone(KubernetesClientException refusal) {
        return refusal.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || refusal.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }
}
