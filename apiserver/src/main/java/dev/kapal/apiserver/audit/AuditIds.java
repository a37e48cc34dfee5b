package dev.kapal.apiserver.audit;

import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.edge.Filter;
import dev.kapal.apiserver.edge.ObservedExchange;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Gives every request an id, the client's own if it sent one, and returns it in `Audit-Id`.
public final class AuditIds implements Filter {
    /// Longer ones are cut, as upstream does.
    private static final int LONGEST = 64;

    private final RandomGenerator random;

    public AuditIds(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        ((ObservedExchange) call.exchange())
                .auditId(call.request()
                        .header("Audit-Id")
                        .filter(id -> !id.isBlank())
                        .map(AuditIds::cut)
                        .orElseGet(this::fresh));
        new AuditAnnotations().around(() -> next.handle(call));
    }

    private static String cut(String id) {
        return id.length() <= LONGEST ? id : id.substring(0, LONGEST);
    }

    private String fresh() {
        long high = random.nextLong() & ~0xf000L | 0x4000L; // version 4
        long low = random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L; // RFC variant
        return new UUID(high, low).toString();
    }
}
