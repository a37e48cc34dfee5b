package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.crd.ConversionMetrics.Failure;
import dev.kapal.apiserver.webhook.Calling;
import dev.kapal.apiserver.webhook.WebhookFailure;
import dev.kapal.apiserver.webhook.WebhookTarget;
import dev.kapal.base.time.Time;
import dev.kapal.model.Conversion;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.codec.Documents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Versions that a webhook converts: all objects of a list in one call. Throws [ApiException] with upstream's words.
/// Source: ConversionReview, apiextensions v1.
final class WebhookConversion implements Conversion {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> MAY_CHANGE = List.of("labels", "annotations");

    private final String kind;
    private final String reviewVersion;
    private final String crd;
    private final WebhookTarget target;
    private final ConversionMetrics metrics;
    private final Time time;

    WebhookConversion(Crd crd, Calling calling, ConversionMetrics metrics) {
        this.crd = crd.meta().name();
        this.metrics = metrics;
        this.time = calling.time();
        var webhook = crd.conversion().path("webhook");
        this.kind = crd.names().path("kind").asText();
        this.reviewVersion = reviewVersion(webhook.path("conversionReviewVersions"));
        this.target = WebhookTarget.of(webhook.path("clientConfig"), calling);
    }

    /// The first that we know.
    private static String reviewVersion(JsonNode versions) {
        for (var version : versions) {
            if (version.asText().equals("v1") || version.asText().equals("v1beta1")) {
                return version.asText();
            }
        }
        return "v1";
    }

    @Override
    public boolean rulesSeeStoredForm() {
        return false;
    }

    @Override
    public List<ObjectNode> convert(List<ObjectNode> documents, GroupVersion to) {
        var wanted = new ArrayList<ObjectNode>();
        for (var document : documents) {
            if (!isIn(document, to)) {
                wanted.add(document);
            }
        }
        if (wanted.isEmpty()) {
            return documents;
        }
        var from = GroupVersion.parse(wanted.getFirst().path("apiVersion").asText());
        long begun = time.nanos();
        try {
            var result = convert(documents, wanted, to, from.apiVersion() + ", Kind=" + kind);
            metrics.succeeded(crd, from.version(), to.version(), seconds(begun));
            return result;
        } catch (Refusal refusal) {
            metrics.failed(crd, from.version(), to.version(), seconds(begun), refusal.why);
            throw new ApiException(Status.failure(500, Reason.UNKNOWN, refusal.getMessage()));
        }
    }

    private double seconds(long begun) {
        return (time.nanos() - begun) / 1e9;
    }

    private List<ObjectNode> convert(
            List<ObjectNode> documents, List<ObjectNode> wanted, GroupVersion to, String from) {
        var converted = ask(wanted, to, from).iterator();
        var result = new ArrayList<ObjectNode>(documents.size());
        for (var document : documents) {
            result.add(isIn(document, to) ? document : checked(document, converted.next(), to, from));
        }
        return result;
    }

    private static boolean isIn(ObjectNode document, GroupVersion version) {
        return document.path("apiVersion").asText().equals(version.apiVersion());
    }

    private JsonNode ask(List<ObjectNode> documents, GroupVersion to, String from) {
        var uid = UUID.randomUUID().toString();
        var review = Documents.object()
                .put("kind", "ConversionReview")
                .put("apiVersion", "apiextensions.k8s.io/" + reviewVersion);
        var request = review.putObject("request").put("uid", uid).put("desiredAPIVersion", to.apiVersion());
        request.putArray("objects").addAll(documents);
        ObjectNode answer;
        try {
            answer = target.post(review, LIMIT);
        } catch (WebhookFailure failed) {
            throw new Refusal(Failure.CALL, "conversion webhook for " + from + " failed: " + failed.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new Refusal(Failure.CALL, "conversion webhook for " + from + " failed: context canceled");
        }
        var response = answer.path("response");
        if (!answer.path("apiVersion").asText().equals("apiextensions.k8s.io/" + reviewVersion)
                || !answer.path("kind").asText().equals("ConversionReview")) {
            throw new Refusal(
                    Failure.MALFORMED_RESPONSE,
                    "invalid response from conversion webhook for " + from + ": expected response.apiVersion=\""
                            + "apiextensions.k8s.io/" + reviewVersion + "\", kind=\"ConversionReview\"");
        }
        if (reviewVersion.equals("v1") && !response.path("uid").asText().equals(uid)) {
            throw new Refusal(
                    Failure.MALFORMED_RESPONSE,
                    "invalid response from conversion webhook for " + from + ": expected response.uid=\"" + uid
                            + "\", got \"" + response.path("uid").asText() + "\"");
        }
        var result = response.path("result");
        if (!result.path("status").asText().equals("Success")) {
            throw new Refusal(
                    Failure.MALFORMED_RESPONSE,
                    "conversion webhook for " + from + " failed: "
                            + result.path("message").asText("conversion webhook failed"));
        }
        var converted = response.path("convertedObjects");
        if (converted.size() != documents.size()) {
            throw new Refusal(
                    Failure.PARTIAL_RESPONSE,
                    "conversion webhook for " + from + " returned " + converted.size() + " objects, expected "
                            + documents.size());
        }
        return converted;
    }

    /// Nothing of an object's identity may change.
    private ObjectNode checked(ObjectNode original, JsonNode converted, GroupVersion to, String from) {
        var prefix = "conversion webhook for " + from;
        if (!(converted instanceof ObjectNode document)) {
            throw new Refusal(Failure.INVALID_CONVERTED_OBJECT, prefix + " returned an object that is none");
        }
        if (!isIn(document, to)) {
            throw new Refusal(
                    Failure.INVALID_CONVERTED_OBJECT,
                    prefix + " returned invalid converted object at index 0: invalid groupVersion (expected "
                            + to.apiVersion() + ", received "
                            + document.path("apiVersion").asText() + ")");
        }
        if (!document.path("kind").asText().equals(kind)) {
            throw new Refusal(
                    Failure.INVALID_CONVERTED_OBJECT,
                    prefix + " returned invalid converted object at index 0: invalid kind (expected " + kind
                            + ", received " + document.path("kind").asText() + ")");
        }
        for (var field : List.of("name", "namespace", "uid")) {
            var before = original.path("metadata").path(field).asText("");
            var after = document.path("metadata").path(field).asText("");
            if (!before.equals(after)) {
                throw new Refusal(
                        Failure.INVALID_CONVERTED_OBJECT,
                        prefix + " returned invalid metadata for object at index 0: must have the same " + field + ": "
                                + before + " != " + after);
            }
        }
        var metadata = ((ObjectNode) original.path("metadata")).deepCopy();
        for (var field : MAY_CHANGE) {
            var value = document.path("metadata").get(field);
            if (value == null || value.isNull()) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
        return inOrder(document, metadata);
    }

    /// Stored documents begin with kind, apiVersion and metadata.
    private static ObjectNode inOrder(ObjectNode document, ObjectNode metadata) {
        var ordered = Documents.object()
                .put("kind", document.path("kind").asText())
                .put("apiVersion", document.path("apiVersion").asText());
        ordered.set("metadata", metadata);
        document.properties().forEach(field -> {
            if (!ordered.has(field.getKey())) {
                ordered.set(field.getKey(), field.getValue());
            }
        });
        return ordered;
    }

    /// Why there is no converted object.
    private static final class Refusal extends RuntimeException {
        private final Failure why;

        Refusal(Failure why, String message) {
            super(message, null, false, false);
            this.why = why;
        }
    }
}
