package dev.kapal.apiserver.admission.quota;

import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.model.quota.Amounts;
import dev.kapal.model.quota.Usage;
import java.time.Instant;

/// What one request would add to the quotas that it falls under.
///
/// @param delta without zeros; negative where an update gives something back
record Charge(AdmissionRequest request, Usage usage, Amounts delta) {

    /// Throws the refusal of what makes no sense.
    static Charge of(AdmissionRequest request, Instant now) {
        var usage = Usage.of(request.definition().groupResource());
        var delta = usage.measure(request.object().orElseThrow(), now);
        var negative = delta.negative();
        if (!negative.isEmpty()) {
            throw request.forbidden("quota usage is negative for resource(s): " + String.join(",", negative));
        }
        if (request.isUpdate()) {
            delta = delta.minus(usage.measure(request.stored().orElseThrow(), now));
        }
        return new Charge(request, usage, delta.withoutZeros());
    }
}
