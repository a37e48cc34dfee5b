package dev.kapal.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.time.Instant;
import java.util.Optional;

/// What becomes known about one request while it is served, as far as its policy wants to know. Bound to the request's
/// thread, which alone writes into it; the code that knows something says it through the static methods, which do
/// nothing for a request that is not logged.
public final class AuditTrail {
    private static final ScopedValue<AuditTrail> CURRENT = ScopedValue.newInstance();

    final Call call;
    final AuditPolicy.Decision decision;
    final String auditId;
    final Instant received;
    Optional<User> impersonated = Optional.empty();
    /// The JSON that was sent; null at lower levels and for requests without a body.
    byte[] requestObject;
    /// The JSON that was answered; null at lower levels.
    byte[] responseObject;
    /// What was answered; 0 before.
    int code;
    /// The `Status` that was answered, if one was.
    Optional<ObjectNode> status = Optional.empty();
    /// Of the object that was sent, for what the path does not say: empty if not known.
    String namespace = "";

    String name = "";
    String uid = "";
    String resourceVersion = "";

    AuditTrail(Call call, AuditPolicy.Decision decision, String auditId, Instant received) {
        this.call = call;
        this.decision = decision;
        this.auditId = auditId;
        this.received = received;
    }

    void around(AuditAnnotations.Work work) throws Exception {
        ScopedValue.where(CURRENT, this).call(() -> {
            work.run();
            return null;
        });
    }

    /// The caller may act as `user`, and does.
    public static void impersonated(User user) {
        if (CURRENT.isBound()) {
            CURRENT.get().impersonated = Optional.of(user);
        }
    }

    /// The client sent this object; it is read at once and may be changed afterwards.
    public static void requestObject(ObjectNode document) {
        if (CURRENT.isBound()) {
            CURRENT.get().takeRequest(document);
        }
    }

    /// The client sent this patch.
    public static void requestPatch(byte[] patch) {
        if (CURRENT.isBound() && CURRENT.get().decision.level().holds(AuditLevel.REQUEST)) {
            CURRENT.get().takePatch(patch);
        }
    }

    private void takePatch(byte[] patch) {
        try {
            requestObject = Documents.json(DocumentDecoder.value(patch));
        } catch (DecodeException malformed) {
            return; // it will be refused, and the answer says why
        }
    }

    private void takeRequest(ObjectNode document) {
        var metadata = document.path("metadata");
        namespace = metadata.path("namespace").asText("");
        name = metadata.path("name").asText("");
        uid = metadata.path("uid").asText("");
        resourceVersion = metadata.path("resourceVersion").asText("");
        if (decision.level().holds(AuditLevel.REQUEST)) {
            requestObject = Documents.json(visible(document));
        }
    }

    void answered(Status refusal) {
        code = refusal.code();
        takeStatus(refusal.document());
    }

    void takeStatus(ObjectNode document) {
        status = Optional.of(document);
        if (decision.level().holds(AuditLevel.REQUEST_RESPONSE)) {
            responseObject = Documents.json(document);
        }
    }

    void takeResponse(ObjectNode document) {
        if (document.path("kind").asText("").equals("Status")
                && document.path("apiVersion").asText("").equals("v1")) {
            takeStatus(document);
        } else if (decision.level().holds(AuditLevel.REQUEST_RESPONSE)) {
            responseObject = Documents.json(visible(document));
        }
    }

    /// Without what the policy leaves out.
    private ObjectNode visible(ObjectNode document) {
        if (!decision.omitManagedFields()) {
            return document;
        }
        var copy = document.deepCopy();
        strip(copy);
        copy.path("items").forEach(item -> {
            if (item instanceof ObjectNode object) {
                strip(object);
            }
        });
        return copy;
    }

    private static void strip(ObjectNode object) {
        if (object.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
    }
}
