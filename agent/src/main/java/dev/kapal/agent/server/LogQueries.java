package dev.kapal.agent.server;

import dev.kapal.agent.log.LogQuery;
import dev.kapal.agent.log.LogStream;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Makes log queries from the parameters of a request.
///
/// Source: core/v1 PodLogOptions.
final class LogQueries {
    private LogQueries() {}

    static LogQuery of(Parameters parameters, Instant now) {
        var tail = parameters.text("tail").filter("all"::equals).isPresent()
                ? OptionalLong.empty()
                : first(parameters.number("tail"), parameters.number("tailLines"));
        var limit = parameters.number("limitBytes");
        var seconds = parameters.number("sinceSeconds");
        if (tail.orElse(0) < 0 || limit.orElse(1) < 1 || seconds.orElse(1) < 1) {
            throw new Refusal(422, "{\"message\": \"Invalid request.\"}");
        }
        return new LogQuery(
                tail,
                limit,
                since(seconds, parameters.time("sinceTime"), now),
                parameters.flag("follow"),
                parameters.flag("timestamps"),
                streams(parameters.text("stream").orElse("All")));
    }

    private static OptionalLong first(OptionalLong one, OptionalLong other) {
        return one.isPresent() ? one : other;
    }

    /// The later of both wins.
    private static Optional<Instant> since(OptionalLong seconds, Optional<Instant> time, Instant now) {
        if (seconds.isEmpty()) {
            return time;
        }
        var since = now.minusSeconds(seconds.getAsLong());
        return time.filter(since::isBefore).or(() -> Optional.of(since));
    }

    private static Set<LogStream> streams(String name) {
        return switch (name) {
            case "All" -> EnumSet.allOf(LogStream.class);
            case "Stdout" -> EnumSet.of(LogStream.STDOUT);
            case "Stderr" -> EnumSet.of(LogStream.STDERR);
            default -> throw new Refusal(422, "{\"message\": \"Invalid request.\"}");
        };
    }
}
