package dev.kapal.model.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// A schedule as CronJobs write it: five fields, a name such as `@daily`, or `@every 90m`; `TZ=` and `CRON_TZ=` in
/// front
/// choose a zone. Immutable. Source: crontab(5); the extensions of upstream's cron library.
///
/// @param zone given in the text itself
public record CronSchedule(Fields fields, OptionalLong everySeconds, Optional<ZoneId> zone) {
    private static final Map<String, String> NAMED = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");
    private static final String EVERY = "@every ";
    /// Nothing repeats more rarely than 29 February over a century without one.
    private static final int YEARS = 9;

    /// The values that match, one bit each.
    ///
    /// @param anyDay whether the day of the month or of the week is a star: then both must match, else one of them
    record Fields(long minutes, long hours, long days, long months, long weekdays, boolean anyDay) {
        static final Fields NONE = new Fields(0, 0, 0, 0, 0, false);
    }

    /// Throws [IllegalArgumentException] with upstream's message.
    public static CronSchedule parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty spec string");
        }
        Optional<ZoneId> zone = Optional.empty();
        var rest = text;
        if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
            int space = text.indexOf(' ');
            int equals = text.indexOf('=');
            var name = space < 0 ? text.substring(equals + 1) : text.substring(equals + 1, space);
            zone = Optional.of(zone(name));
            rest = space < 0 ? "" : text.substring(space).strip();
        }
        if (!rest.startsWith("@")) {
            return new CronSchedule(CronFields.parse(rest), OptionalLong.empty(), zone);
        }
        if (NAMED.containsKey(rest)) {
            return new CronSchedule(CronFields.parse(NAMED.get(rest)), OptionalLong.empty(), zone);
        }
        if (rest.startsWith(EVERY)) {
            var every = GoDuration.parse(rest.substring(EVERY.length()))
                    .orElseThrow(() -> new IllegalArgumentException("failed to parse duration " + text
                            + ": time: invalid duration \"" + text.substring(text.indexOf(EVERY) + EVERY.length())
                            + "\""));
            return new CronSchedule(Fields.NONE, OptionalLong.of(Math.max(1, every.toSeconds())), zone);
        }
        throw new IllegalArgumentException("unrecognized descriptor: " + rest);
    }

    private static ZoneId zone(String name) {
        if (name.isEmpty() || !ZoneId.getAvailableZoneIds().contains(name)) {
            throw new IllegalArgumentException("provided bad location " + name + ": unknown time zone " + name);
        }
        return ZoneId.of(name);
    }

    /// The first moment after `time` that matches, in the zone of `time` unless the text names one; empty when there is
    /// none (30 February).
    public Optional<ZonedDateTime> next(ZonedDateTime time) {
        var local = zone.map(time::withZoneSameInstant).orElse(time);
        return everySeconds.isPresent()
                ? Optional.of(local.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofSeconds(everySeconds.getAsLong())))
                : matching(local.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1));
    }

    private Optional<ZonedDateTime> matching(ZonedDateTime from) {
        var at = from;
        int last = from.getYear() + YEARS;
        while (at.getYear() <= last) {
            if (!has(fields.months, at.getMonthValue())) {
                at = at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
            } else if (!isDay(at)) {
                at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
            } else if (!has(fields.hours, at.getHour())) {
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!has(fields.minutes, at.getMinute())) {
                at = at.plusMinutes(1);
            } else {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private boolean isDay(ZonedDateTime at) {
        boolean day = has(fields.days, at.getDayOfMonth());
        boolean weekday = has(fields.weekdays, at.getDayOfWeek().getValue() % 7);
        return fields.anyDay ? day && weekday : day || weekday;
    }

    private static boolean has(long bits, int value) {
        return (bits >> value & 1) == 1;
    }
}
