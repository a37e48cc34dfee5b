package dev.kapal.agent.pod;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the runtime has of one pod: sandboxes and containers, the newest first. Immutable.
record ObservedPod(List<ObservedSandbox> sandboxes, List<ObservedContainer> containers) {
    static final ObservedPod NOTHING = new ObservedPod(List.of(), List.of());

    ObservedPod {
        sandboxes = sandboxes.stream()
                .sorted(Comparator.comparing(ObservedSandbox::createdAt)
                        .thenComparing(ObservedSandbox::attempt)
                        .reversed())
                .toList();
        containers = containers.stream()
                .sorted(Comparator.comparing(ObservedContainer::createdAt)
                        .thenComparing(ObservedContainer::restartCount)
                        .reversed())
                .toList();
    }

    Optional<ObservedSandbox> sandbox() {
        return sandboxes.stream().findFirst();
    }

    /// The sandbox to start containers in, if it is there and well.
    Optional<ObservedSandbox> usableSandbox() {
        return sandbox().filter(ObservedSandbox::isUsable);
    }

    /// The newest container of this name.
    Optional<ObservedContainer> latest(String name) {
        return containers.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /// The one that ran before the newest of this name.
    Optional<ObservedContainer> previous(String name) {
        return containers.stream()
                .filter(c -> c.name().equals(name))
                .skip(1)
                .filter(ObservedContainer::hasExited)
                .findFirst();
    }

    Optional<ObservedContainer> latestExited(String name) {
        return containers.stream()
                .filter(c -> c.name().equals(name) && c.hasExited())
                .findFirst();
    }

    List<ObservedContainer> running() {
        return containers.stream()
                .filter(c -> c.isRunning() || c.state() == ObservedContainer.State.UNKNOWN)
                .toList();
    }
}
