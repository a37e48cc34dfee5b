package dev.kapal.apiserver.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authn.TokenVerdict;
import dev.kapal.apiserver.registry.ComputedResource;
import dev.kapal.base.time.Time;
import dev.kapal.model.GroupResource;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Answers who somebody is: the owner of a token, or whoever asks (`kubectl auth whoami`). Any thread. Source: API
/// reference, authentication.k8s.io/v1.
public final class UserReviews {
    private static final String GROUP = "authentication.k8s.io";

    private final Tokens tokens;
    private final Time time;

    public UserReviews(Tokens tokens, Time time) {
        this.tokens = tokens;
        this.time = time;
    }

    /// Finds out whose a token is.
    @FunctionalInterface
    public interface Tokens {
        /// @param audiences whom it must be meant for; empty for this server
        TokenVerdict review(String token, List<String> audiences) throws InterruptedException;
    }

    public Map<GroupResource, ComputedResource> resources() {
        return Map.of(
                new GroupResource(GROUP, "tokenreviews"), this::token,
                new GroupResource(GROUP, "selfsubjectreviews"), this::self);
    }

    private ObjectNode token(ObjectNode review, Call call) throws InterruptedException {
        var spec = review.path("spec");
        String token = Attributes.text(spec, "token");
        if (token.isEmpty()) {
            throw ApiException.badRequest("token is required for TokenReview in authentication");
        }
        var audiences = new ArrayList<String>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        var verdict = tokens.review(token, audiences);
        var status = review.putObject("status");
        if (verdict.user().isPresent()) {
            status.put("authenticated", true);
            status.set("user", user(verdict.user().get()));
            var meant = status.putArray("audiences");
            verdict.audiences().forEach(meant::add);
        } else {
            status.putObject("user");
            status.put("error", verdict.error());
        }
        return review;
    }

    /// What was sent along with the question is not said again.
    private ObjectNode self(ObjectNode review, Call call) {
        var answer = Documents.object();
        answer.set("kind", review.get("kind"));
        answer.set("apiVersion", review.get("apiVersion"));
        answer.putObject("metadata").put("creationTimestamp", Times.seconds(time.instant()));
        answer.putObject("status").set("userInfo", user(call.user()));
        return answer;
    }

    private static ObjectNode user(User user) {
        var info = Documents.object();
        if (!user.name().isEmpty()) {
            info.put("username", user.name());
        }
        if (!user.uid().isEmpty()) {
            info.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            var groups = info.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            var extra = info.putObject("extra");
            user.extra().forEach((key, values) -> {
                var list = extra.putArray(key);
                values.forEach(list::add);
            });
        }
        return info;
    }
}
