package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A lease is taken by whoever writes first, so every update names the version that it saw.
final class LeaseStrategy implements Strategy {
    @Override
    public void check(ObjectNode lease, Optional<ObjectNode> stored, Problems problems) {
        var spec = lease.path("spec");
        var duration = spec.path("leaseDurationSeconds");
        if (!duration.isMissingNode() && duration.asInt() <= 0) {
            problems.invalid("spec.leaseDurationSeconds", duration.asInt(), "must be greater than 0");
        }
        var transitions = spec.path("leaseTransitions");
        if (!transitions.isMissingNode() && transitions.asInt() < 0) {
            problems.invalid("spec.leaseTransitions", transitions.asInt(), "must be greater than or equal to 0");
        }
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
