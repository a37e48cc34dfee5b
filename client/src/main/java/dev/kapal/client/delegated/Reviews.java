package dev.kapal.client.delegated;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewSpec;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks the API server who somebody is and what they may do, and remembers the answers for upstream's times. Any
/// thread.
/// When the API server cannot be asked, nobody is let in.
public final class Reviews {
    private static final Log log = Log.of(Reviews.class);
    private static final Duration KNOWN = Duration.ofMinutes(2);
    private static final Duration ALLOWED = Duration.ofMinutes(5);
    private static final Duration DENIED = Duration.ofSeconds(30);

    private final Api api;
    private final Time time;
    private final Answers<String, Caller> callers = new Answers<>();
    private final Answers<Question, Boolean> rights = new Answers<>();

    public Reviews(KubernetesClient client, Time time) {
        this.api = new Api(client);
        this.time = time;
    }

    /// What somebody wants to do something with.
    private sealed interface Matter {
        record OfNode(String node, String subresource) implements Matter {}

        record OfPath(String path) implements Matter {}
    }

    private record Question(Caller caller, String verb, Matter matter) {}

    /// Who has this token; empty when it is not valid.
    public Optional<Caller> caller(String token) throws InterruptedException {
        var known = callers.find(token, time.nanos());
        if (known.isPresent()) {
            return known;
        }
        try {
            TokenReview review = api.create(new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .endSpec()
                    .build());
            var status = review.getStatus();
            if (status == null || !Boolean.TRUE.equals(status.getAuthenticated())) {
                return Optional.empty();
            }
            var user = status.getUser();
            var caller = new Caller(
                    user.getUsername(),
                    user.getUid() == null ? "" : user.getUid(),
                    user.getGroups() == null ? List.of() : user.getGroups());
            callers.put(token, caller, time.nanos() + KNOWN.toNanos());
            return Optional.of(caller);
        } catch (KubernetesClientException | UncheckedIOException unanswered) {
            log.warn("token not reviewed", "cause", unanswered.getMessage());
            return Optional.empty();
        }
    }

    /// Whether `caller` may do `verb` with a part of a node.
    public boolean allows(Caller caller, String verb, String node, String subresource) throws InterruptedException {
        return allows(new Question(caller, verb, new Matter.OfNode(node, subresource)));
    }

    /// Whether `caller` may do `verb` with a path that is no resource's.
    public boolean allows(Caller caller, String verb, String path) throws InterruptedException {
        return allows(new Question(caller, verb, new Matter.OfPath(path)));
    }

    private static SubjectAccessReviewSpec spec(Question question) {
        var caller = question.caller();
        var spec = new SubjectAccessReviewSpecBuilder()
                .withUser(caller.name())
                .withUid(caller.uid().isEmpty() ? null : caller.uid())
                .withGroups(caller.groups());
        return switch (question.matter()) {
            case Matter.OfNode(String node, String subresource) ->
                spec.withNewResourceAttributes()
                        .withVerb(question.verb())
                        .withVersion("v1")
                        .withResource("nodes")
                        .withSubresource(subresource)
                        .withName(node)
                        .endResourceAttributes()
                        .build();
            case Matter.OfPath(String path) ->
                spec.withNewNonResourceAttributes(path, question.verb()).build();
        };
    }

    private boolean allows(Question question) throws InterruptedException {
        var known = rights.find(question, time.nanos());
        if (known.isPresent()) {
            return known.get();
        }
        try {
            var review = api.create(
                    new SubjectAccessReviewBuilder().withSpec(spec(question)).build());
            boolean allowed = review.getStatus() != null
                    && Boolean.TRUE.equals(review.getStatus().getAllowed());
            rights.put(question, allowed, time.nanos() + (allowed ? ALLOWED : DENIED).toNanos());
            return allowed;
        } catch (KubernetesClientException | UncheckedIOException unanswered) {
            log.warn("access not reviewed", "user", question.caller().name(), "cause", unanswered.getMessage());
            return false;
        }
    }

    /// The latest answers, each until its time.
    private static final class Answers<K, V> {
        private static final int MOST = 1024;

        private record Answer<V>(V value, long until) {}

        /// Guarded by this.
        private final Map<K, Answer<V>> known = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Answer<V>> eldest) {
                return size() > MOST;
            }
        };

        synchronized Optional<V> find(K key, long now) {
            var answer = known.get(key);
            return answer == null || answer.until() - now <= 0 ? Optional.empty() : Optional.of(answer.value());
        }

        synchronized void put(K key, V value, long until) {
            known.remove(key);
            known.put(key, new Answer<>(value, until));
        }
    }
}
