package dev.kapal.controllers.replicaset;

import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;

/// ReplicaSets, which need no translation.
public final class ReplicaSets implements Replicated<ReplicaSet> {
    @Override
    public Class<ReplicaSet> type() {
        return ReplicaSet.class;
    }

    @Override
    public String component() {
        return "replicaset-controller";
    }

    @Override
    public ReplicaSet asSet(ReplicaSet set) {
        return set;
    }

    @Override
    public ReplicaSet withStatus(ReplicaSet set, ReplicaSetStatus status) {
        return new ReplicaSetBuilder(set).withStatus(status).build();
    }
}
