package dev.kapal.controllers.replicaset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;

/// A kind whose objects keep a number of equal pods. [ReplicaSetReconciler] sees each of them as a ReplicaSet.
public interface Replicated<T extends HasMetadata> {
    Class<T> type();

    /// Who its events come from.
    String component();

    /// The object as a ReplicaSet, under its own apiVersion and kind: pods and events refer to it by them.
    ReplicaSet asSet(T object);

    T withStatus(T object, ReplicaSetStatus status);
}
