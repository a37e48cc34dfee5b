package dev.kapal.apiserver.health;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.registry.Negotiation;
import dev.kapal.apiserver.table.IncludeObject;
import dev.kapal.apiserver.table.PartialObjects;
import dev.kapal.apiserver.table.Tables;
import dev.kapal.base.time.Time;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.LabelSelector;
import dev.kapal.model.select.SelectorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// `componentstatuses`: objects that are nowhere stored, made of what [Components] know when they are asked for.
/// Read-only
/// and on its way out. Any thread.
public final class ComponentStatuses {
    private static final String DEPRECATION = "299 - \"v1 ComponentStatus is deprecated in v1.19+\"";

    private final Components components;
    private final ResourceDefinition definition;
    private final Tables tables = new Tables();
    private final Time time;

    public ComponentStatuses(Components components, ResourceDefinition definition, Time time) {
        this.components = components;
        this.definition = definition;
        this.time = time;
    }

    /// Throws [ApiException].
    public void handle(Call call) throws IOException, InterruptedException {
        if (!call.info().subresource().isEmpty()) {
            throw ApiException.noSuchResource();
        }
        switch (call.info().verb()) {
            case "get" -> get(call);
            case "list" -> list(call);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private void get(Call call) throws IOException, InterruptedException {
        var name = call.info().name();
        if (!components.names().contains(name)) {
            throw ApiException.notFound(definition.groupResource(), name);
        }
        var status = status(name);
        var form = Negotiation.of(call.request(), false);
        respond(
                call,
                form,
                switch (form.shape()) {
                    case FULL -> status;
                    case TABLE -> table(call, form, List.of(status));
                    case PARTIAL -> PartialObjects.of(status, form.apiVersion());
                });
    }

    private void list(Call call) throws IOException, InterruptedException {
        var statuses = new ArrayList<ObjectNode>();
        for (var name : components.names()) {
            if (isSelected(call, name)) {
                statuses.add(status(name));
            }
        }
        var form = Negotiation.of(call.request(), false);
        respond(
                call,
                form,
                switch (form.shape()) {
                    case FULL -> {
                        var all = Documents.object()
                                .put("kind", definition.listKind())
                                .put("apiVersion", "v1");
                        all.putObject("metadata");
                        all.putArray("items").addAll(statuses);
                        yield all;
                    }
                    case TABLE -> table(call, form, statuses);
                    case PARTIAL -> PartialObjects.list(statuses, form.apiVersion(), Documents.object());
                });
    }

    private static boolean isSelected(Call call, String name) {
        try {
            var labels = LabelSelector.parse(call.query().first("labelSelector"));
            var fields = FieldSelector.parse(call.query().first("fieldSelector"));
            return labels.test(Map.of()) && fields.matches(field -> field.equals("metadata.name") ? name : "");
        } catch (SelectorException malformed) {
            throw ApiException.badRequest(malformed.getMessage());
        }
    }

    private ObjectNode status(String name) throws InterruptedException {
        var objection = components.objection(name);
        var status = Documents.object().put("kind", definition.kind()).put("apiVersion", "v1");
        status.putObject("metadata").put("name", name).putNull("creationTimestamp");
        var condition = status.putArray("conditions").addObject().put("type", "Healthy");
        condition.put("status", objection.isEmpty() ? "True" : "False");
        if (objection.isEmpty()) {
            condition.put("message", "ok");
        } else {
            condition.put("message", "").put("error", objection.get());
        }
        return status;
    }

    private ObjectNode table(Call call, Negotiation form, List<ObjectNode> statuses) {
        return tables.table(
                definition,
                statuses,
                UnaryOperator.identity(),
                Documents.object(),
                form.version(),
                IncludeObject.of(call.query().first("includeObject")),
                time.instant());
    }

    private static void respond(Call call, Negotiation form, ObjectNode answer) throws IOException {
        var headers = Headers.of(
                "Content-Type", form.contentType(), "Cache-Control", "no-cache, private", "Warning", DEPRECATION);
        call.exchange().respond(new Response(200, headers, List.of(form.encode(answer))));
    }
}
