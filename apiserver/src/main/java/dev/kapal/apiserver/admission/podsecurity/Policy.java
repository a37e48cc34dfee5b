package dev.kapal.apiserver.admission.podsecurity;

import dev.kapal.apiserver.strategy.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/// What the labels of a namespace ask for.
///
/// @param problems labels that make no sense; the level is then the strictest, the version the newest
record Policy(LevelVersion enforce, LevelVersion audit, LevelVersion warn, Problems problems) {
    static final String PREFIX = "pod-security.kubernetes.io/";

    static Policy of(Map<String, String> labels) {
        var none = new LevelVersion(Level.PRIVILEGED, LevelVersion.LATEST);
        return of(labels, new Policy(none, none, none, new Problems()));
    }

    /// @param defaults what holds where there is no label
    static Policy of(Map<String, String> labels, Policy defaults) {
        var problems = new Problems();
        var enforce = read(labels, "enforce", defaults.enforce, problems);
        var audit = read(labels, "audit", defaults.audit, problems);
        var warn = read(labels, "warn", defaults.warn, problems);
        if (!labels.containsKey(PREFIX + "warn") && enforce.level().compareTo(warn.level()) > 0) {
            // who enforces wants to hear of workloads whose pods will be refused
            warn = new LevelVersion(
                    enforce.level(), labels.containsKey(PREFIX + "warn-version") ? warn.minor() : enforce.minor());
        }
        return new Policy(enforce, audit, warn, problems);
    }

    /// What the labels of one namespace ask for beyond everything being allowed: `enforce=baseline:latest, …`.
    String asked(Map<String, String> labels) {
        var parts = new StringJoiner(", ");
        var modes = new LinkedHashMap<String, LevelVersion>();
        modes.put("enforce", enforce);
        modes.put("audit", audit);
        modes.put("warn", warn);
        modes.forEach((mode, level) -> {
            boolean labelled = labels.containsKey(PREFIX + mode) || labels.containsKey(PREFIX + mode + "-version");
            if (labelled && !level.isPrivileged()) {
                parts.add(mode + "=" + level);
            }
        });
        return parts.toString();
    }

    boolean isSameAs(Policy other) {
        return enforce.equals(other.enforce) && audit.equals(other.audit) && warn.equals(other.warn);
    }

    boolean isPrivileged() {
        return enforce.isPrivileged() && asksNothingOfWorkloads();
    }

    boolean asksNothingOfWorkloads() {
        return problems.isEmpty() && audit.isPrivileged() && warn.isPrivileged();
    }

    private static LevelVersion read(Map<String, String> labels, String mode, LevelVersion usual, Problems problems) {
        var level = Optional.ofNullable(labels.get(PREFIX + mode));
        var version = Optional.ofNullable(labels.get(PREFIX + mode + "-version"));
        return new LevelVersion(
                level.map(text -> level(mode, text, problems)).orElse(usual.level()),
                version.map(text -> minor(mode, text, problems)).orElse(usual.minor()));
    }

    private static Level level(String mode, String text, Problems problems) {
        return Level.of(text).orElseGet(() -> {
            problems.invalid(path(mode), text, "must be one of privileged, baseline, restricted");
            return Level.RESTRICTED;
        });
    }

    private static int minor(String mode, String text, Problems problems) {
        return LevelVersion.minorOf(text).orElseGet(() -> {
            problems.invalid(path(mode + "-version"), text, "must be \"latest\" or \"v1.x\"");
            return LevelVersion.LATEST;
        });
    }

    private static String path(String label) {
        return "metadata.labels[" + PREFIX + label + "]";
    }
}
