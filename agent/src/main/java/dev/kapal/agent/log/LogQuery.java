package dev.kapal.agent.log;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Which part of a log is wanted, and how it shall look. Immutable.
///
/// @param tail only the last lines; counted in the file, before `since` is looked at
/// @param limitBytes the answer ends there, in the middle of a line if need be
/// @param follow go on with new lines until the container ends
/// @param timestamps put each line's time before it
/// @param streams lines of others are left out
public record LogQuery(
        OptionalLong tail,
        OptionalLong limitBytes,
        Optional<Instant> since,
        boolean follow,
        boolean timestamps,
        Set<LogStream> streams) {
    public LogQuery {
        streams = Set.copyOf(streams);
    }

    /// The whole log as it is now.
    public static LogQuery all() {
        return new LogQuery(
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                false,
                false,
                EnumSet.allOf(LogStream.class));
    }
}
