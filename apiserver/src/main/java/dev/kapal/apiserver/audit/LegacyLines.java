package dev.kapal.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/// Events in the form that `--audit-log-format=legacy` asks for: one line of text, made of a few of the fields. Pure.
final class LegacyLines {
    private LegacyLines() {}

    /// @param json a line as [AuditEvents] writes it
    static byte[] of(byte[] json) {
        var event = Documents.read(json);
        var user = event.path("user");
        var impersonated = event.path("impersonatedUser");
        String name = user.path("username").asText("");
        String line = event.path("requestReceivedTimestamp").asText()
                + " AUDIT: id=" + quoted(event.path("auditID").asText())
                + " stage=" + quoted(event.path("stage").asText())
                + " ip=" + quoted(event.path("sourceIPs").path(0).asText("<unknown>"))
                + " method=" + quoted(event.path("verb").asText())
                + " user=" + quoted(name.isEmpty() ? "<none>" : name)
                + " groups=" + (name.isEmpty() ? "<none>" : groups(user, "<none>"))
                + " as=" + quoted(impersonated.path("username").asText("<self>"))
                + " asgroups=" + groups(impersonated, "<lookup>")
                + " user-agent=" + quoted(event.path("userAgent").asText(""))
                + " namespace="
                + quoted(event.path("objectRef").path("namespace").asText("<none>"))
                + " uri=" + quoted(event.path("requestURI").asText())
                + " response=\"" + event.path("responseStatus").path("code").asText("<deferred>") + "\"\n";
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static String groups(JsonNode user, String none) {
        var groups = new ArrayList<String>();
        user.path("groups").forEach(group -> groups.add(quoted(group.asText())));
        return groups.isEmpty() ? none : String.join(",", groups);
    }

    private static String quoted(String text) {
        return Documents.text(Documents.object().textNode(text));
    }
}
