package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.apply.ApplyException;
import dev.kapal.model.apply.FieldManagement.Applied;
import dev.kapal.model.apply.Ownership;
import dev.kapal.model.apply.Writer;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Decoded;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.MediaType;
import dev.kapal.model.defaults.Defaults;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/// Server-side apply: a client sends what it wants to be true, and the server merges it into what is there, or makes
/// it.
/// Runs on the thread of the request.
final class Applier {
    static final String YAML = "application/apply-patch+yaml";
    static final String CBOR = "application/apply-patch+cbor";
    /// How often somebody may remove or make the object in between.
    private static final int ATTEMPTS = 10;

    private final Endpoint endpoint;
    private final ResourceDefinition definition;

    Applier(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.definition = endpoint.resource().served();
    }

    static boolean isApply(Call call) {
        var type = contentType(call);
        return type.equals(YAML) || type.equals(CBOR);
    }

    private static String contentType(Call call) {
        return call.request()
                .header("Content-Type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /// Throws 400, 409, 422 and 500 in upstream's words.
    void apply(Call call) throws IOException, InterruptedException {
        var options = WriteOptions.ofApply(call);
        var warnings = endpoint.warnings();
        var config = read(call, FieldValidation.of(call), warnings);
        checkKind(config, definition.groupVersionKind());
        var write = endpoint.write(call, options, warnings);
        for (int attempt = 1; ; attempt++) {
            try {
                if (exists(write)) {
                    byte[] json =
                            endpoint.updater().update(write.by(""), stored -> applied(stored, config, options, write));
                    endpoint.answers().object(call, 200, json, warnings);
                } else {
                    call.require("create");
                    byte[] json = endpoint.creator().create(fresh(config, options, write), write.by(""));
                    endpoint.answers().object(call, 201, json, warnings);
                }
                return;
            } catch (ApiException refusal) {
                if (attempt == ATTEMPTS || !isOvertaken(refusal)) {
                    throw refusal;
                }
            }
        }
    }

    private boolean exists(Write write) throws InterruptedException {
        boolean exists = endpoint.resource()
                .shelf()
                .newest(write.namespace(), write.name())
                .isPresent();
        if (!exists && !write.subresource().isEmpty()) {
            throw endpoint.resource().notFound(write.name());
        }
        return exists;
    }

    /// Whether somebody made or removed the object since we looked.
    private static boolean isOvertaken(ApiException refusal) {
        var reason = refusal.status().reason();
        return reason == Reason.ALREADY_EXISTS || reason == Reason.NOT_FOUND;
    }

    static ObjectNode read(Call call, FieldValidation validation, Warnings warnings) {
        boolean cbor = contentType(call).equals(CBOR);
        var format = cbor ? "CBOR" : "YAML";
        Decoded decoded;
        try {
            decoded = new DocumentDecoder().decode(BodyReader.body(call), cbor ? MediaType.CBOR : MediaType.YAML);
        } catch (DecodeException malformed) {
            throw ApiException.badRequest("error decoding " + format + ": " + malformed.getMessage());
        }
        if (validation != FieldValidation.IGNORE && !decoded.duplicates().isEmpty()) {
            var why = String.join(", ", decoded.duplicates());
            if (validation == FieldValidation.STRICT) {
                throw ApiException.badRequest("error strict decoding " + format + ": " + why);
            }
            warnings.add(why);
        }
        return decoded.document();
    }

    static void checkKind(ObjectNode config, GroupVersionKind expected) {
        var apiVersion = config.path("apiVersion").asText("");
        var version = GroupVersion.parse(apiVersion);
        var kind = config.path("kind").asText("");
        if (!version.equals(expected.groupVersion()) || !kind.equals(expected.kind())) {
            throw ApiException.badRequest(
                    "invalid object type: " + version.group() + "/" + version.version() + ", Kind=" + kind);
        }
        if (config.path("metadata").hasNonNull("managedFields")) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
    }

    private ObjectNode fresh(ObjectNode config, WriteOptions options, Write write) {
        var uid = config.path("metadata").path("uid").asText("");
        if (!uid.isEmpty()) {
            throw endpoint.resource()
                    .conflict(
                            write.name(),
                            "uid mismatch: the provided object specified uid " + uid
                                    + ", and no existing object was found");
        }
        var applied = merge(Optional.empty(), config, Ownership.NOBODY, options, write);
        return complete(applied.document().orElseThrow(), applied.ownership(), config, write);
    }

    private ObjectNode applied(ObjectNode stored, ObjectNode config, WriteOptions options, Write write) {
        var live = endpoint.resource().forms().toServed(stored.deepCopy());
        var applied = merge(Optional.of(live), config, FieldOwners.of(stored), options, write);
        return complete(applied.document().orElse(live), applied.ownership(), config, write);
    }

    private Applied merge(
            Optional<ObjectNode> live, ObjectNode config, Ownership owners, WriteOptions options, Write write) {
        var management = endpoint.updater().owners().management(write.subresource());
        var writer = Writer.applying(write.manager(), write.subresource());
        var apply = new LastApplied.Apply(
                management,
                live,
                config,
                owners,
                writer,
                endpoint.updater().owners().now(),
                name(config, write));
        try {
            return LastApplied.apply(apply, options.force());
        } catch (ApplyException.Conflicted conflicted) {
            throw conflict(conflicted);
        } catch (ApplyException.Unfit unfit) {
            throw failed(unfit.getMessage());
        }
    }

    static ApiException conflict(ApplyException.Conflicted conflicted) {
        var causes = conflicted.conflicts().stream()
                .map(c -> new Status.Cause("FieldManagerConflict", c.message(), c.path()))
                .toList();
        return new ApiException(Status.failure(
                409,
                Reason.CONFLICT,
                conflicted.getMessage(),
                Status.Details.of("", "", "").causes(causes)));
    }

    static ApiException failed(String message) {
        return new ApiException(Status.failure(500, Reason.UNKNOWN, message));
    }

    private String name(ObjectNode config, Write write) {
        return shownName(config, write.namespace(), definition.groupVersionKind());
    }

    /// `default/web; apps/v1, Kind=Deployment`.
    static String shownName(ObjectNode config, String namespace, GroupVersionKind kind) {
        return namespace + "/" + config.path("metadata").path("name").asText("") + "; " + kind.apiVersion() + ", Kind="
                + kind.kind();
    }

    /// What was merged, as a decoded body would be completed, for the rules.
    private ObjectNode complete(ObjectNode document, Ownership owners, ObjectNode config, Write write) {
        var schema = definition.schema();
        try {
            FieldCheck.types(schema, document);
            FieldCheck.prune(schema, document);
        } catch (DecodeException unfit) {
            throw failed("failed to convert new typed object (" + name(config, write) + ") to object: "
                    + unfit.getMessage());
        }
        Defaults.apply(schema, document);
        FieldOwners.put(document, owners);
        LastApplied.sync(document, config, write);
        Endpoint.checkName(document, write);
        return endpoint.resource().forms().toRuled(document);
    }
}
