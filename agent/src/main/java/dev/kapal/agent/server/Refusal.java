package dev.kapal.agent.server;

import dev.kapal.agent.cri.CriException;
import dev.kapal.http.Response;

/// A request that gets an error as its answer: plain text, as the kubelet's are.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message) {
        super(message);
        this.status = status;
    }

    static Refusal badRequest(String message) {
        return new Refusal(400, message);
    }

    static Refusal notFound(String message) {
        return new Refusal(404, message);
    }

    static Refusal internal(String message) {
        return new Refusal(500, message);
    }

    static Refusal of(CriException failure) {
        return switch (failure.code()) {
            case NOT_FOUND -> new Refusal(404, failure.description());
            case RESOURCE_EXHAUSTED -> new Refusal(429, failure.description());
            default -> new Refusal(500, failure.getMessage());
        };
    }

    Response response() {
        return Response.text(status, getMessage());
    }
}
