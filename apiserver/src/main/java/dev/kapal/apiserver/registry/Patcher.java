package dev.kapal.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.audit.AuditTrail;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Problem;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.codec.GoText;
import dev.kapal.model.patch.PatchCheck;
import dev.kapal.model.patch.PatchException;
import dev.kapal.model.patch.Patches;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One patch that came over the wire, ready to be applied as often as needed. Immutable.
///
/// @param patch as it came
/// @param validation what becomes of unknown and duplicate fields; without any, a patch is not looked at beforehand
record Patcher(Format format, byte[] patch, FieldValidation validation) {

    /// The formats that the server understands.
    enum Format {
        JSON,
        MERGE,
        STRATEGIC
    }

    /// Of a JSON patch. Webhooks and policies may send longer ones.
    private static final int MOST_OPERATIONS = 10_000;

    private static final List<String> MEDIA_TYPES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            Applier.YAML);

    /// Throws 415 for another format.
    static Patcher of(Call call) {
        var type = call.request()
                .header("Content-Type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        var format = switch (type) {
            case "application/json-patch+json" -> Format.JSON;
            case "application/merge-patch+json" -> Format.MERGE;
            case "application/strategic-merge-patch+json" -> Format.STRATEGIC;
            default -> throw ApiException.unsupportedMediaType(MEDIA_TYPES);
        };
        var patch = BodyReader.body(call);
        AuditTrail.requestPatch(patch);
        return new Patcher(format, patch, FieldValidation.of(call));
    }

    /// A patched copy of `document`. Throws 400, 422, and 415 for what knows no strategic merge.
    ObjectNode apply(Schema schema, ObjectNode document) {
        if (format == Format.STRATEGIC && schema.form().isPresent()) {
            throw ApiException.unsupportedMediaType(MEDIA_TYPES.stream()
                    .filter(type -> !type.contains("strategic"))
                    .toList());
        }
        try {
            if (validation != FieldValidation.IGNORE) {
                findings();
            }
            return switch (format) {
                case JSON -> Patches.json(document, patch, MOST_OPERATIONS);
                case MERGE -> Patches.merge(document, patch);
                case STRATEGIC -> Patches.strategic(schema, document, patch);
            };
        } catch (PatchException unfit) {
            throw refusal(unfit);
        }
    }

    /// As a decoded body is completed; what does not fit is the patch's fault. Throws 422.
    void complete(Schema schema, ObjectNode patched, Warnings warnings) {
        try {
            validation.complete(schema, patched, () -> findings(schema, patched), warnings);
        } catch (DecodeException unfit) {
            var problem = new Problem(Problem.Type.INVALID, "patch", shown(patched), unfit.getMessage());
            throw ApiException.invalid(new GroupVersionKind("", "", ""), "", List.of(problem));
        }
    }

    private List<String> findings(Schema schema, ObjectNode patched) {
        var findings = new ArrayList<>(findings());
        findings.addAll(FieldCheck.unknown(schema, patched));
        return findings;
    }

    private List<String> findings() {
        return switch (format) {
            case JSON -> PatchCheck.json(patch);
            case MERGE -> PatchCheck.merge(patch);
            case STRATEGIC -> PatchCheck.strategic(patch);
        };
    }

    /// What upstream shows of a patch whose result does not fit.
    private String shown(ObjectNode patched) {
        return format == Format.STRATEGIC
                ? GoText.value(DocumentDecoder.value(patch))
                : new String(Documents.json(patched), StandardCharsets.UTF_8);
    }

    private static ApiException refusal(PatchException unfit) {
        return switch (unfit.code()) {
            case 422 ->
                new ApiException(
                        Status.failure(422, Reason.INVALID, unfit.getMessage(), Status.Details.of("", "", "")));
            case 413 -> ApiException.tooLarge(unfit.getMessage());
            case 500 -> new ApiException(Status.failure(500, Reason.UNKNOWN, unfit.getMessage()));
            default -> ApiException.badRequest(unfit.getMessage());
        };
    }
}
