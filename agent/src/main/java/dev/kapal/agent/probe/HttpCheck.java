package dev.kapal.agent.probe;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Success is any answer from 200 to 399. Redirects to the same host are followed; one to another host counts as a
/// success with a warning.
///
/// Source: Kubernetes documentation, "HTTP probes".
public final class HttpCheck implements Check {
    private static final int MOST_REDIRECTS = 10;

    private final URI target;
    private final List<Map.Entry<String, String>> headers;

    public HttpCheck(URI target, List<Map.Entry<String, String>> headers) {
        this.target = target;
        this.headers = List.copyOf(headers);
    }

    @Override
    public Outcome ask(Duration timeout) {
        var at = target;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpGet.Answer answer;
            try {
                answer = HttpGet.fetch(at, headers, timeout);
            } catch (IOException failure) {
                return new Outcome.Failure("Get \"" + at + "\": " + failure.getMessage());
            }
            if (answer.status() < 200 || answer.status() >= 400) {
                return new Outcome.Failure("HTTP probe failed with statuscode: " + answer.status());
            }
            if (!answer.isRedirect()) {
                return new Outcome.Success();
            }
            URI next;
            try {
                next = at.resolve(answer.location());
            } catch (IllegalArgumentException malformed) {
                return new Outcome.Failure("Get \"" + at + "\": failed to parse Location header \"" + answer.location()
                        + "\": " + malformed.getMessage());
            }
            if (!String.valueOf(next.getHost()).equals(at.getHost())) {
                return new Outcome.Warning("Probe terminated redirects, Response body: " + answer.body());
            }
            at = next;
        }
        return new Outcome.Warning("Probe terminated redirects, Response body: ");
    }
}
