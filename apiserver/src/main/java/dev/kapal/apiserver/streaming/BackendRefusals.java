package dev.kapal.apiserver.streaming;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.Status;
import dev.kapal.http.client.ClientConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What an agent refused, in the words that upstream's clients know. Stateless.
final class BackendRefusals {
    /// In bytes; more is cut off.
    static final int LONGEST = 2048;

    private BackendRefusals() {}

    static String text(ClientConnection.Answer answer) throws IOException {
        return new String(answer.body().readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
    }

    /// A log that could not be had.
    static ApiException log(ClientConnection.Answer answer, RequestInfo info) throws IOException {
        String text = text(answer);
        return switch (answer.status()) {
            case 400 -> ApiException.badRequest(text);
            case 500 -> ApiException.internal(text);
            case 404 ->
                new ApiException(Status.failure(
                        404,
                        Reason.NOT_FOUND,
                        "the server could not find the requested resource ( pods " + info.name() + ")",
                        Status.Details.of(info.name(), "", "pods")));
            default ->
                new ApiException(Status.failure(
                        answer.status(),
                        Reason.UNKNOWN,
                        "the server responded with the status code " + answer.status()
                                + " but did not return more information ( pods " + info.name() + ")",
                        Status.Details.of(info.name(), "", "pods")));
        };
    }
}
