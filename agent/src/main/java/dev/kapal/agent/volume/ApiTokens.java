package dev.kapal.agent.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Tokens from the API server's TokenRequest, bound to the pod: they are worth nothing once it is gone.
public final class ApiTokens implements TokenRequests {
    private final KubernetesClient client;

    public ApiTokens(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public Token request(Pod pod, Optional<String> audience, Duration ttl) {
        var account = pod.getSpec().getServiceAccountName();
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience.stream().toList())
                .withExpirationSeconds(ttl.toSeconds())
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        var answer = client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(account == null || account.isEmpty() ? "default" : account)
                .tokenRequest(request);
        return new Token(
                answer.getStatus().getToken(), Instant.parse(answer.getStatus().getExpirationTimestamp()));
    }
}
