package dev.kapal.apiserver.audit;

import java.nio.file.Path;
import java.util.Optional;

/// The audit log in a file, as `--audit-log-*` say.
///
/// @param file where it goes and how much of it is kept
/// @param mode empty: requests go on, events are written a moment later, and none is lost ([AuditLog])
/// @param batching counts for [AuditMode#BATCH] only
/// @param truncation empty: events are left as they are
public record AuditLogConfig(
        LogFile file,
        Format format,
        Optional<AuditMode> mode,
        AuditBatching batching,
        Optional<AuditTruncation> truncation) {
    /// What stands in a line: an event as JSON, or a few of its fields as text.
    public enum Format {
        JSON,
        LEGACY
    }

    /// @param path `-` for the standard output
    /// @param maxAgeDays older files are removed; 0: never for their age
    /// @param maxBackups more old files than these are removed; 0: never for their number
    /// @param maxSizeMegabytes a larger file is put aside and a new one begun; 0: [#USUAL_SIZE]
    /// @param compress whether files that are put aside are
    public record LogFile(Path path, int maxAgeDays, int maxBackups, int maxSizeMegabytes, boolean compress) {
        public static final int USUAL_SIZE = 100;

        public LogFile {
            requireNotNegative("--audit-log-maxage", maxAgeDays);
            requireNotNegative("--audit-log-maxbackup", maxBackups);
            requireNotNegative("--audit-log-maxsize", maxSizeMegabytes);
        }

        private static void requireNotNegative(String option, int value) {
            if (value < 0) {
                throw new IllegalArgumentException(option + " " + value + " can't be a negative number");
            }
        }

        /// In bytes.
        long sizeLimit() {
            return (maxSizeMegabytes == 0 ? USUAL_SIZE : maxSizeMegabytes) * 1024L * 1024L;
        }
    }

    public AuditLogConfig {
        if (mode.equals(Optional.of(AuditMode.BATCH))) {
            batching.check("log");
        }
    }

    /// JSON, a moment later.
    public AuditLogConfig(LogFile file) {
        this(file, Format.JSON, Optional.empty(), AuditBatching.OF_LOG, Optional.empty());
    }

    /// In one file for ever.
    public static AuditLogConfig in(Path path) {
        return new AuditLogConfig(new LogFile(path, 0, 0, LogFile.USUAL_SIZE, false));
    }

    public AuditLogConfig with(AuditMode newMode) {
        return new AuditLogConfig(file, format, Optional.of(newMode), batching, truncation);
    }

    public AuditLogConfig with(AuditTruncation newTruncation) {
        return new AuditLogConfig(file, format, mode, batching, Optional.of(newTruncation));
    }
}
