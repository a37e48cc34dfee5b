package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;

/// Name, age, signer, who asks, for how long, and what became of it.
final class CertificateRequestPrinter implements Printer {
    @Override
    public void print(ObjectNode request, Instant now, ArrayNode cells) {
        var spec = request.path("spec");
        var seconds = spec.path("expirationSeconds");
        cells.add(Cells.name(request))
                .add(Cells.age(request, now))
                .add(Cells.orNone(spec.path("signerName")))
                .add(spec.path("username").asText(""))
                .add(seconds.isNumber() ? Cells.duration(Duration.ofSeconds(seconds.asLong())) : Cells.NONE)
                .add(condition(request));
    }

    private static String condition(ObjectNode request) {
        var types = new HashSet<String>();
        request.path("status")
                .path("conditions")
                .forEach(condition -> types.add(condition.path("type").asText("")));
        String decided = types.contains("Approved") ? "Approved" : "Pending";
        return (types.contains("Denied") ? "Denied" : decided)
                + (types.contains("Failed") ? ",Failed" : "")
                + (request.path("status").path("certificate").asText("").isEmpty() ? "" : ",Issued");
    }
}
