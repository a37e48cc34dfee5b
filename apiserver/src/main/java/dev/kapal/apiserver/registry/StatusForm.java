package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Status;
import dev.kapal.http.Headers;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import java.util.List;

/// A `Status` in the form that the client of a refused request reads: what it asked for if that can be, otherwise JSON.
/// Stateless.
public final class StatusForm {
    private StatusForm() {}

    public static Response of(Request request, Status status, Headers headers) {
        var form = negotiated(request);
        byte[] body = form.isFullJson() ? status.json() : form.encode(status.document());
        return new Response(
                status.code(),
                headers.toBuilder().set("Content-Type", form.contentType()).build(),
                List.of(body));
    }

    private static Negotiation negotiated(Request request) {
        try {
            return Negotiation.of(request, true);
        } catch (ApiException neither) {
            return Negotiation.of("", false, false);
        }
    }
}
