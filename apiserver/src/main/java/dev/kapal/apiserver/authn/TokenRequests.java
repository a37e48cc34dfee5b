package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.time.Time;
import dev.kapal.http.Response;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.Problem;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers `POST …/serviceaccounts/NAME/token`. Any thread. Source: API reference, TokenRequest.
public final class TokenRequests {
    private static final GroupVersionKind KIND = new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");
    private static final long SHORTEST = 10 * 60;
    private static final long USUAL = 60 * 60;
    private static final long LONGEST = 1L << 32;
    /// Node agents ask for this odd number of seconds; the API's own tokens then live longer, and their late use is
    /// only noted, because old clients do not read the file again.
    private static final long AGENTS_ASK = 60 * 60 + 7;

    private static final Duration EXTENDED = Duration.ofDays(365);

    private final ServiceAccountTokens tokens;
    private final ObjectReader objects;
    private final Admitting admission;
    private final Time time;

    /// Looks at a request before a token is made; may change or refuse it.
    @FunctionalInterface
    public interface Admitting {
        void admit(Call call, GroupVersionKind kind, ObjectNode request) throws InterruptedException;
    }

    public TokenRequests(ServiceAccountTokens tokens, ObjectReader objects, Admitting admission, Time time) {
        this.tokens = tokens;
        this.objects = objects;
        this.admission = admission;
        this.time = time;
    }

    public void handle(Call call) throws IOException, InterruptedException {
        var info = call.info();
        var request = body(call);
        var account = objects.get(BoundTokens.ACCOUNTS, info.namespace(), info.name())
                .orElseThrow(() -> ApiException.notFound(BoundTokens.ACCOUNTS.groupResource(), info.name()));
        admission.admit(call, KIND, request);
        checkUid(request, ServiceAccountTokens.uid(account), info.name());
        var spec = request.path("spec") instanceof ObjectNode given ? given : request.putObject("spec");
        var audiences = audiences(spec);
        long asked = seconds(spec, info.name());
        long seconds = shortened(spec, asked);
        var bound = bound(call, spec, info.name());
        checkNode(call.user(), bound);
        boolean extended = tokens.options().extend()
                && seconds == AGENTS_ASK
                && isBoundTo(bound, "pod")
                && tokens.options().audiences().containsAll(audiences);
        String token = tokens.issue(
                account,
                audiences,
                extended ? extended() : Duration.ofSeconds(seconds),
                bound,
                extended ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty());
        respond(call, request, token, asked, seconds);
    }

    /// No token lives longer than the server allows.
    private long shortened(ObjectNode spec, long asked) {
        long longest = tokens.options().longest().map(Duration::toSeconds).orElse(Long.MAX_VALUE);
        if (asked <= longest) {
            return asked;
        }
        spec.put("expirationSeconds", longest);
        return longest;
    }

    private Duration extended() {
        return tokens.options()
                .longest()
                .filter(longest -> longest.compareTo(EXTENDED) < 0)
                .orElse(EXTENDED);
    }

    private static ObjectNode body(Call call) {
        try {
            var type = MediaType.of(call.request().header("Content-Type").orElse(""));
            byte[] body = call.request().body();
            var document = new DocumentDecoder()
                    .decode(body, type.orElse(MediaType.JSON), KIND)
                    .document();
            String name = document.path("metadata").path("name").asText();
            if (!name.isEmpty() && !name.equals(call.info().name())) {
                throw ApiException.badRequest("must match the service account name \""
                        + call.info().name() + "\" with the token request name \"" + name + "\"");
            }
            return document;
        } catch (DecodeException malformed) {
            throw ApiException.badRequest(malformed.getMessage());
        }
    }

    /// A request for an account that was made anew since is for another one.
    private static void checkUid(ObjectNode request, String uid, String name) {
        var asked = request.path("metadata").path("uid").asText("");
        if (!asked.isEmpty() && !asked.equals(uid)) {
            throw ApiException.conflict(
                    new GroupResource(KIND.group(), KIND.kind()),
                    name,
                    "the UID in the token request (" + asked + ") does not match the UID of the service account (" + uid
                            + ")");
        }
    }

    private List<String> audiences(ObjectNode spec) {
        var audiences = new ArrayList<String>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        if (audiences.isEmpty()) {
            audiences.addAll(tokens.options().audiences());
            var list = spec.putArray("audiences");
            audiences.forEach(list::add);
        }
        return audiences;
    }

    private static long seconds(ObjectNode spec, String name) {
        if (!spec.hasNonNull("expirationSeconds")) {
            spec.put("expirationSeconds", USUAL);
            return USUAL;
        }
        var given = spec.get("expirationSeconds");
        long seconds = given.asLong();
        String objection = "";
        if (seconds < SHORTEST) {
            objection = "may not specify a duration less than 10 minutes";
        } else if (seconds > LONGEST) {
            objection = "may not specify a duration larger than 2^32 seconds";
        }
        if (!objection.isEmpty()) {
            throw ApiException.invalid(
                    KIND,
                    name,
                    List.of(new Problem(Problem.Type.INVALID, "spec.expirationSeconds", seconds, objection)));
        }
        return seconds;
    }

    private List<ServiceAccountTokens.Bound> bound(Call call, ObjectNode spec, String accountName)
            throws InterruptedException {
        var reference = spec.path("boundObjectRef");
        if (!reference.isObject()) {
            return List.of();
        }
        String kind = reference.path("kind").asText();
        String name = reference.path("name").asText();
        String namespace = call.info().namespace();
        return switch (kind) {
            case "Pod" -> {
                var pod = find(
                        BoundTokens.PODS, namespace, name, reference.path("uid").asText());
                if (!pod.path("spec").path("serviceAccountName").asText().equals(accountName)) {
                    throw ApiException.badRequest("cannot bind token for serviceaccount \"" + accountName
                            + "\" to pod running with different serviceaccount name.");
                }
                yield withNode(pod, name);
            }
            case "Secret" -> {
                var secret = find(
                        new GroupVersionResource("", "v1", "secrets"),
                        namespace,
                        name,
                        reference.path("uid").asText());
                yield List.of(new ServiceAccountTokens.Bound("secret", name, ServiceAccountTokens.uid(secret)));
            }
            case "Node" -> {
                var node = find(
                        new GroupVersionResource("", "v1", "nodes"),
                        "",
                        name,
                        reference.path("uid").asText());
                yield List.of(new ServiceAccountTokens.Bound("node", name, ServiceAccountTokens.uid(node)));
            }
            default ->
                throw ApiException.badRequest("cannot bind token to object of type "
                        + reference.path("apiVersion").asText() + ", Kind=" + kind);
        };
    }

    /// A pod's token also tells the node that the pod runs on.
    private List<ServiceAccountTokens.Bound> withNode(ObjectNode pod, String name) throws InterruptedException {
        var bound = new ArrayList<ServiceAccountTokens.Bound>();
        String nodeName = pod.path("spec").path("nodeName").asText();
        if (!nodeName.isEmpty()) {
            String uid = objects.get(new GroupVersionResource("", "v1", "nodes"), "", nodeName)
                    .map(ServiceAccountTokens::uid)
                    .orElse("");
            bound.add(new ServiceAccountTokens.Bound("node", nodeName, uid));
        }
        bound.add(new ServiceAccountTokens.Bound("pod", name, ServiceAccountTokens.uid(pod)));
        return bound;
    }

    private ObjectNode find(GroupVersionResource resource, String namespace, String name, String uid)
            throws InterruptedException {
        var found = objects.get(resource, namespace, name)
                .orElseThrow(() -> ApiException.notFound(resource.groupResource(), name));
        String known = ServiceAccountTokens.uid(found);
        if (!uid.isEmpty() && !uid.equals(known)) {
            throw ApiException.conflict(
                    resource.groupResource(),
                    name,
                    "the UID in the bound object reference (" + uid
                            + ") does not match the UID in record. The object might have been deleted and then recreated");
        }
        return found;
    }

    /// A node agent gets tokens for the pods on its node only.
    private static void checkNode(User user, List<ServiceAccountTokens.Bound> bound) {
        if (user.nodeName().isEmpty()) {
            return;
        }
        var accounts = new GroupResource("", "serviceaccounts");
        if (!isBoundTo(bound, "pod")) {
            throw ApiException.forbidden(accounts, "", "node requested token not bound to a pod");
        }
        boolean own = bound.stream()
                .anyMatch(other -> other.kind().equals("node") && other.name().equals(user.nodeName()));
        if (!own) {
            throw ApiException.forbidden(
                    accounts, "", "node requested token bound to a pod scheduled on a different node");
        }
    }

    private static boolean isBoundTo(List<ServiceAccountTokens.Bound> bound, String kind) {
        return bound.stream().anyMatch(other -> other.kind().equals(kind));
    }

    private void respond(Call call, ObjectNode request, String token, long asked, long seconds) throws IOException {
        var now = time.instant().truncatedTo(ChronoUnit.SECONDS);
        var answer = Documents.object();
        answer.put("kind", KIND.kind()).put("apiVersion", KIND.groupVersion().apiVersion());
        answer.putObject("metadata")
                .put("name", call.info().name())
                .put("namespace", call.info().namespace())
                .put("creationTimestamp", now.toString());
        answer.set("spec", request.get("spec"));
        answer.putObject("status")
                .put("token", token)
                .put("expirationTimestamp", now.plusSeconds(seconds).toString());
        var response = Response.json(201, Documents.json(answer));
        call.exchange().respond(asked == seconds ? response : warned(response, asked, seconds));
    }

    private static Response warned(Response response, long asked, long seconds) {
        String warning = "299 - \"requested expiration of " + asked + " seconds shortened to " + seconds + " seconds\"";
        return new Response(
                response.status(),
                response.headers().toBuilder().add("Warning", warning).build(),
                response.body());
    }
}
