package dev.kapal.apiserver.admission.expressions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.cel.Authorization;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.ValueType;
import dev.kapal.cel.ValueType.ListOf;
import dev.kapal.cel.ValueType.MapOf;
import dev.kapal.cel.ValueType.Plain;
import dev.kapal.cel.ValueType.Struct;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The variables `object`, `oldObject`, `request` and `authorizer`. Stateless.
///
/// Source: Kubernetes documentation, CEL in Kubernetes; API reference, MatchCondition.
public final class RequestVariables {
    private static final Struct KIND = struct("kubernetes.GroupVersionKind", "group", "version", "kind");
    private static final Struct RESOURCE = struct("kubernetes.GroupVersionResource", "group", "version", "resource");
    private static final Struct USER = new Struct(
            "kubernetes.UserInfo",
            ordered(
                    "username",
                    Plain.STRING,
                    "uid",
                    Plain.STRING,
                    "groups",
                    new ListOf(Plain.STRING),
                    "extra",
                    new MapOf(new ListOf(Plain.STRING))));
    private static final Struct REQUEST = new Struct(
            "kubernetes.AdmissionRequest",
            ordered(
                    "kind", KIND,
                    "resource", RESOURCE,
                    "subResource", Plain.STRING,
                    "requestKind", KIND,
                    "requestResource", RESOURCE,
                    "requestSubResource", Plain.STRING,
                    "name", Plain.STRING,
                    "namespace", Plain.STRING,
                    "operation", Plain.STRING,
                    "userInfo", USER,
                    "dryRun", Plain.BOOL,
                    "options", Plain.DYN));

    private RequestVariables() {}

    private static Struct struct(String name, String... fields) {
        var types = new LinkedHashMap<String, ValueType>();
        for (var field : fields) {
            types.put(field, Plain.STRING);
        }
        return new Struct(name, types);
    }

    private static Map<String, ValueType> ordered(Object... namesAndTypes) {
        var types = new LinkedHashMap<String, ValueType>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            types.put((String) namesAndTypes[i], (ValueType) namesAndTypes[i + 1]);
        }
        return types;
    }

    /// Declares all of them.
    public static CelEnvironment.Builder declare() {
        return declareObjects()
                .variable("authorizer", Plain.AUTHORIZER)
                .variable("authorizer.requestResource", Plain.REQUEST_RESOURCE);
    }

    /// Declares all but the authorizer.
    public static CelEnvironment.Builder declareObjects() {
        return CelEnvironment.builder()
                .variable("object", Plain.DYN)
                .variable("oldObject", Plain.DYN)
                .variable("request", REQUEST);
    }

    /// The values for one request.
    public static Map<String, Object> of(View view, Authorizer authorizer) {
        var values = new HashMap<String, Object>();
        values.put("object", view.object().<JsonNode>map(o -> o).orElse(NullNode.instance));
        values.put("oldObject", view.stored().<JsonNode>map(o -> o).orElse(NullNode.instance));
        values.put("request", request(view));
        var rights = new UserRights(authorizer, view.request().user());
        values.put("authorizer", rights);
        values.put("authorizer.requestResource", requestResource(view, rights));
        return values;
    }

    private static Authorization.RequestResource requestResource(View view, Authorization rights) {
        var as = view.as().groupVersionResource();
        var request = view.request();
        return new Authorization.RequestResource(
                rights,
                List.of(
                        as.group(),
                        as.version(),
                        as.resource(),
                        request.subresource(),
                        request.namespace(),
                        request.name()));
    }

    /// The request without its objects, as `AdmissionReview` has it.
    public static ObjectNode request(View view) {
        var request = view.request();
        var document = Documents.object();
        put(document, "kind", view.kind());
        put(document, "resource", view.as().groupVersionResource());
        putUnlessEmpty(document, "subResource", request.subresource());
        put(document, "requestKind", view.requestKind());
        put(document, "requestResource", request.requested().groupVersionResource());
        putUnlessEmpty(document, "requestSubResource", request.subresource());
        putUnlessEmpty(document, "name", request.name());
        putUnlessEmpty(document, "namespace", namespace(request));
        document.put("operation", request.operation().name());
        var user = document.putObject("userInfo").put("username", request.user().name());
        putUnlessEmpty(user, "uid", request.user().uid());
        if (!request.user().groups().isEmpty()) {
            request.user().groups().forEach(user.putArray("groups")::add);
        }
        if (!request.user().extra().isEmpty()) {
            var extra = user.putObject("extra");
            request.user().extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
        document.put("dryRun", request.dryRun());
        document.set("options", request.options().isEmpty() ? NullNode.instance : request.options());
        return document;
    }

    /// A namespace counts as being in itself.
    private static String namespace(AdmissionRequest request) {
        if (!request.isOf("", "namespaces")) {
            return request.namespace();
        }
        var name = request.nameForMessages();
        return name.equals("Unknown") ? "" : name;
    }

    private static void put(ObjectNode document, String field, GroupVersionKind kind) {
        document.putObject(field)
                .put("group", kind.group())
                .put("version", kind.version())
                .put("kind", kind.kind());
    }

    private static void put(ObjectNode document, String field, GroupVersionResource resource) {
        document.putObject(field)
                .put("group", resource.group())
                .put("version", resource.version())
                .put("resource", resource.resource());
    }

    private static void putUnlessEmpty(ObjectNode document, String field, String text) {
        if (!text.isEmpty()) {
            document.put(field, text);
        }
    }
}
