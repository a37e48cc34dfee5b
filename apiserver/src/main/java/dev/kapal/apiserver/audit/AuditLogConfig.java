package dev.kapal.apiserver.audit;

import java.nio.file.Path;

/// Where the audit log goes and how much of it is kept, as `--audit-log-*` say.
///
/// @param path `-` for the standard output
/// @param maxAgeDays older files are removed; 0: never for their age
/// @param maxBackups more old files than these are removed; 0: never for their number
/// @param maxSizeMegabytes a larger file is put aside and a new one begun
public record AuditLogConfig(Path path, int maxAgeDays, int maxBackups, int maxSizeMegabytes, Format format) {
    /// What stands in a line: an event as JSON, or a few of its fields as text.
    public enum Format {
        JSON,
        LEGACY
    }

    public AuditLogConfig {
        if (maxAgeDays < 0 || maxBackups < 0 || maxSizeMegabytes < 1) {
            throw new IllegalArgumentException("--audit-log-maxage and --audit-log-maxbackup must not be negative, "
                    + "--audit-log-maxsize must be positive");
        }
    }

    public AuditLogConfig(Path path, int maxAgeDays, int maxBackups, int maxSizeMegabytes) {
        this(path, maxAgeDays, maxBackups, maxSizeMegabytes, Format.JSON);
    }
}
