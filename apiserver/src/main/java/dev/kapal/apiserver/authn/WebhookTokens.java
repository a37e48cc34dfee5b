package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.remote.Remembered;
import dev.kapal.apiserver.remote.Webhook;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Asks another server with a TokenReview. Any thread; blocks. A server that does not answer vouches for nobody.
/// Source:
/// "Authenticating", webhook token authentication.
final class WebhookTokens implements TokenAuthenticator, AutoCloseable {
    private static final Log log = Log.of(WebhookTokens.class);

    private final Webhook webhook;
    private final String version;
    private final Duration ttl;
    private final List<String> own;
    private final Remembered<String, Answer> answers;

    /// @param version of the review, `v1` or `v1beta1`
    /// @param ttl how long an answer counts
    /// @param own the names under which this server is meant: what a server that knows no audiences answers for
    WebhookTokens(Webhook webhook, String version, Duration ttl, List<String> own, Time time) {
        this.webhook = webhook;
        this.version = version;
        this.ttl = ttl;
        this.own = List.copyOf(own);
        this.answers = new Remembered<>(time);
    }

    @Override
    public Answer check(String token, List<String> audiences) throws InterruptedException {
        String key = Fingerprints.of(token) + audiences; // no token lies in memory longer than its request
        var known = answers.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            var answer = answer(webhook.ask(review(token, audiences)).path("status"), audiences);
            answers.put(key, answer, ttl);
            return answer;
        } catch (IOException failure) {
            log.error("token webhook failed", failure);
            return new Bad("token webhook failed: " + failure.getMessage());
        }
    }

    private ObjectNode review(String token, List<String> audiences) {
        var review =
                Documents.object().put("kind", "TokenReview").put("apiVersion", "authentication.k8s.io/" + version);
        review.putObject("metadata");
        var list = review.putObject("spec").put("token", token).putArray("audiences");
        audiences.forEach(list::add);
        return review;
    }

    private Answer answer(JsonNode status, List<String> audiences) {
        String error = status.path("error").asText("");
        if (!status.path("authenticated").asBoolean()) {
            return error.isEmpty() ? NOT_MINE : new Bad(error);
        }
        var named = texts(status.path("audiences"));
        var meant = named.isEmpty() ? own : named;
        var common = audiences.stream().filter(meant::contains).toList();
        return common.isEmpty() ? NOT_MINE : new Valid(user(status.path("user")), common);
    }

    private static User user(JsonNode info) {
        var extra = new LinkedHashMap<String, List<String>>();
        info.path("extra").properties().forEach(entry -> extra.put(entry.getKey(), texts(entry.getValue())));
        return new User(
                info.path("username").asText(""), info.path("uid").asText(""), texts(info.path("groups")), extra);
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.asText()));
        return List.copyOf(texts);
    }

    @Override
    public void close() {
        webhook.close();
    }
}
