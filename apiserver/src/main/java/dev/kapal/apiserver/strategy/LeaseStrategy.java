package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// A lease is taken by whoever writes first, so every update names the version that it saw. Nobody coordinates
/// elections, so what asks for that is dropped, as upstream drops it without the feature CoordinatedLeaderElection.
final class LeaseStrategy implements Strategy {
    @Override
    public void onCreate(ObjectNode lease) {
        lease.withObject("/spec").remove(List.of("strategy", "preferredHolder"));
    }

    @Override
    public void onUpdate(ObjectNode lease, ObjectNode stored) {
        onCreate(lease);
    }

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
