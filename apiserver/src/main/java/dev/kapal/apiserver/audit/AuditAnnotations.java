package dev.kapal.apiserver.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is to be noted in the audit log about the request under way. The filter that gives requests their audit ids
/// binds one to each request; only the request's own thread writes into it.
public final class AuditAnnotations {
    private static final ScopedValue<AuditAnnotations> CURRENT = ScopedValue.newInstance();

    private final Map<String, String> values = new LinkedHashMap<>();

    /// Notes something about the request that the calling thread serves; without one nothing happens. The first value
    /// of a key stays.
    public static void add(String key, String value) {
        if (CURRENT.isBound()) {
            CURRENT.get().values.putIfAbsent(key, value);
        }
    }

    /// One request with its annotations.
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /// Runs `work` with these annotations as the current ones.
    void around(Work work) throws Exception {
        ScopedValue.where(CURRENT, this).call(() -> {
            work.run();
            return null;
        });
    }

    /// Those of the request that the calling thread serves.
    static Map<String, String> current() {
        return CURRENT.isBound() ? CURRENT.get().values : Map.of();
    }

    public Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }
}
