package dev.kapal.apiserver.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Events as lines of JSON. Pure. Source: `audit.k8s.io/v1` Event, whose order of fields this keeps.
final class AuditEvents {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int LONGEST_AGENT = 1024;
    private static final List<String> OF_STATUS = List.of("status", "message", "reason", "details");

    private AuditEvents() {}

    /// One event, with the end of its line.
    static byte[] line(AuditTrail trail, AuditStage stage, Map<String, String> annotations, Instant now) {
        var bytes = new ByteArrayOutputStream(768);
        try (var out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("kind", "Event");
            out.writeStringField("apiVersion", "audit.k8s.io/v1");
            out.writeStringField("level", trail.decision.level().text());
            out.writeStringField("auditID", trail.auditId);
            out.writeStringField("stage", stage.text());
            request(out, trail);
            reference(out, trail);
            answer(out, trail);
            out.writeStringField("requestReceivedTimestamp", Times.micros(trail.received));
            out.writeStringField("stageTimestamp", Times.micros(now));
            annotations(out, annotations);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static void request(JsonGenerator out, AuditTrail trail) throws IOException {
        var request = trail.call.request();
        out.writeStringField("requestURI", request.target());
        out.writeStringField("verb", trail.call.info().verb());
        user(out, "user", trail.call.user());
        if (trail.impersonated.isPresent()) {
            user(out, "impersonatedUser", trail.impersonated.get());
        }
        out.writeArrayFieldStart("sourceIPs");
        for (var address : sources(request)) {
            out.writeString(address);
        }
        out.writeEndArray();
        var agent = request.header("User-Agent");
        if (agent.isPresent() && !agent.get().isEmpty()) {
            out.writeStringField("userAgent", cut(agent.get()));
        }
    }

    private static void user(JsonGenerator out, String field, User user) throws IOException {
        out.writeObjectFieldStart(field);
        text(out, "username", user.name());
        text(out, "uid", user.uid());
        texts(out, "groups", user.groups());
        if (!user.extra().isEmpty()) {
            out.writeObjectFieldStart("extra");
            for (var extra : user.extra().entrySet()) {
                texts(out, extra.getKey(), extra.getValue());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void reference(JsonGenerator out, AuditTrail trail) throws IOException {
        var info = trail.call.info();
        if (!info.isResource()) {
            return;
        }
        out.writeObjectFieldStart("objectRef");
        text(out, "resource", info.resource());
        text(out, "namespace", info.namespace().isEmpty() ? trail.namespace : info.namespace());
        text(out, "name", info.name().isEmpty() ? trail.name : info.name());
        text(out, "uid", trail.uid);
        text(out, "apiGroup", info.group());
        text(out, "apiVersion", info.version());
        text(out, "resourceVersion", trail.resourceVersion);
        text(out, "subresource", info.subresource());
        out.writeEndObject();
    }

    private static void answer(JsonGenerator out, AuditTrail trail) throws IOException {
        if (trail.code != 0) {
            out.writeObjectFieldStart("responseStatus");
            out.writeObjectFieldStart("metadata");
            out.writeEndObject();
            if (trail.status.isPresent()) {
                for (var field : OF_STATUS) {
                    JsonNode value = trail.status.get().get(field);
                    if (value != null) {
                        raw(out, field, Documents.json(value));
                    }
                }
            }
            out.writeNumberField("code", trail.code);
            out.writeEndObject();
        }
        if (trail.requestObject != null) {
            raw(out, "requestObject", trail.requestObject);
        }
        if (trail.responseObject != null) {
            raw(out, "responseObject", trail.responseObject);
        }
    }

    private static void annotations(JsonGenerator out, Map<String, String> annotations) throws IOException {
        if (annotations.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart("annotations");
        for (var annotation : annotations.entrySet()) {
            out.writeStringField(annotation.getKey(), annotation.getValue());
        }
        out.writeEndObject();
    }

    private static void raw(JsonGenerator out, String field, byte[] json) throws IOException {
        out.writeFieldName(field);
        out.writeRawValue(new String(json, StandardCharsets.UTF_8)); // compact: no line breaks in it
    }

    private static void text(JsonGenerator out, String field, String value) throws IOException {
        if (!value.isEmpty()) {
            out.writeStringField(field, value);
        }
    }

    private static void texts(JsonGenerator out, String field, List<String> values) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        out.writeArrayFieldStart(field);
        for (var value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }

    private static String cut(String agent) {
        return agent.length() <= LONGEST_AGENT ? agent : agent.substring(0, LONGEST_AGENT) + "...TRUNCATED";
    }

    /// Whom proxies on the way name, then who is connected. The former are claims, as upstream logs them.
    private static List<String> sources(Request request) {
        var sources = new ArrayList<String>(2);
        request.headers().tokens("X-Forwarded-For").stream()
                .filter(AuditEvents::isAddress)
                .forEach(sources::add);
        if (sources.isEmpty()) {
            request.header("X-Real-Ip").filter(AuditEvents::isAddress).ifPresent(sources::add);
        }
        String connected = switch (request.peer()) {
            case Peer.Tls tls
            when tls.address().getAddress() != null ->
                tls.address().getAddress().getHostAddress();
            case Peer.Tls unknown -> "";
            case Peer.Local inside -> "127.0.0.1";
        };
        if (!connected.isEmpty() && (sources.isEmpty() || !sources.getLast().equals(connected))) {
            sources.add(connected);
        }
        return sources;
    }

    /// Whether it looks like an address; what is logged is text, nothing connects to it.
    private static boolean isAddress(String text) {
        return !text.isEmpty()
                && text.length() <= 45
                && text.chars()
                        .allMatch(c -> c >= '0' && c <= '9'
                                || c >= 'a' && c <= 'f'
                                || c >= 'A' && c <= 'F'
                                || c == '.'
                                || c == ':');
    }
}
