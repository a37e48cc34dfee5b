package dev.kapal.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.expressions.RequestVariables;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.apiserver.webhook.WebhookFailure;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is asked of a webhook and what it answers: `AdmissionReview` in `v1` or `v1beta1`.
///
/// Source: API reference, admission.k8s.io.
record Review(String version, String uid, ObjectNode document) {
    private static final String GROUP = "admission.k8s.io/";
    private static final List<String> KNOWN = List.of("v1", "v1beta1");

    /// @param result the `Status` of a refusal, as far as the webhook gave one
    /// @param patch JSON patch; empty for none
    record Answer(
            boolean allowed,
            Optional<ObjectNode> result,
            byte[] patch,
            List<String> warnings,
            Map<String, String> annotations) {}

    static Review of(View view, List<String> understood, String uid) throws WebhookFailure {
        var version = understood.stream()
                .filter(KNOWN::contains)
                .findFirst()
                .orElseThrow(() ->
                        new WebhookFailure("webhook does not accept known AdmissionReview versions (v1, v1beta1)", 0));
        var document = Documents.object().put("kind", "AdmissionReview").put("apiVersion", GROUP + version);
        var request = document.putObject("request").put("uid", uid);
        var facts = RequestVariables.request(view);
        var dryRun = facts.remove("dryRun");
        var options = facts.remove("options");
        request.setAll(facts);
        request.set("object", view.object().<JsonNode>map(o -> o).orElse(NullNode.instance));
        request.set("oldObject", view.stored().<JsonNode>map(o -> o).orElse(NullNode.instance));
        request.set("dryRun", dryRun);
        request.set("options", options);
        return new Review(version, uid, document);
    }

    /// Reads the answer; throws what is wrong with it.
    Answer answer(ObjectNode answer, boolean mutating) throws WebhookFailure {
        if (version.equals("v1")) {
            var kind = answer.path("apiVersion").asText("") + ", Kind="
                    + answer.path("kind").asText("");
            var wanted = GROUP + version + ", Kind=AdmissionReview";
            if (!kind.equals(wanted)) {
                throw invalid("expected webhook response of " + wanted + ", got " + kind);
            }
        }
        var response = answer.path("response");
        if (!response.isObject()) {
            throw invalid("webhook response was absent");
        }
        if (version.equals("v1")) {
            check(response, mutating);
        }
        var warnings = new ArrayList<String>();
        response.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        var annotations = new LinkedHashMap<String, String>();
        for (var annotation : response.path("auditAnnotations").properties()) {
            annotations.put(annotation.getKey(), annotation.getValue().asText());
        }
        var result = response.get("status") instanceof ObjectNode status
                ? Optional.of(status)
                : response.get("result") instanceof ObjectNode older
                        ? Optional.of(older)
                        : Optional.<ObjectNode>empty();
        boolean allowed = response.path("allowed").asBoolean();
        byte[] patch = mutating ? patch(response.path("patch").asText("")) : new byte[0];
        if (allowed && patch.length > 0) {
            checkDecodable(patch);
        }
        return new Answer(allowed, result, patch, warnings, annotations);
    }

    private void check(JsonNode response, boolean mutating) throws WebhookFailure {
        var echoed = response.path("uid").asText("");
        if (!echoed.equals(uid)) {
            throw invalid("expected response.uid=\"" + uid + "\", got \"" + echoed + "\"");
        }
        boolean hasPatch = !response.path("patch").asText("").isEmpty();
        boolean hasType = response.hasNonNull("patchType");
        if (!mutating && hasPatch) {
            throw invalid("validating webhook may not return response.patch");
        }
        if (!mutating && hasType) {
            throw invalid("validating webhook may not return response.patchType");
        }
        if (hasPatch && !hasType) {
            throw invalid("webhook returned response.patch but not response.patchType");
        }
        if (!hasPatch && hasType) {
            throw invalid("webhook returned response.patchType but not response.patch");
        }
        if (hasType && !response.path("patchType").asText().equals("JSONPatch")) {
            throw invalid(
                    "unsupported patchType \"" + response.path("patchType").asText() + "\"");
        }
    }

    private static byte[] patch(String base64) throws WebhookFailure {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException garbled) {
            throw invalid("illegal base64 data in response.patch");
        }
    }

    /// A patch that is none is a failure of the webhook, unlike one that does not fit.
    private static void checkDecodable(byte[] patch) throws WebhookFailure {
        var error = Documents.jsonError(patch);
        if (error.isEmpty() && !isList(Documents.readAny(patch))) {
            error = Optional.of("json: cannot unmarshal into Go value of type jsonpatch.Patch");
        }
        if (error.isPresent()) {
            throw new WebhookFailure("received undecodable patch in webhook response: " + error.get(), 503);
        }
    }

    private static boolean isList(JsonNode patch) {
        if (!patch.isArray()) {
            return patch.isNull();
        }
        for (var operation : patch) {
            if (!operation.isObject()) {
                return false;
            }
        }
        return true;
    }

    private static WebhookFailure invalid(String why) {
        return new WebhookFailure("received invalid webhook response: " + why, 0);
    }
}
