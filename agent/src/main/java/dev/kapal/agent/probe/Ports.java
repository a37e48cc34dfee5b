package dev.kapal.agent.probe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Optional;

/// Ports that a spec gives by number or by the name of a container's port. Pure.
public final class Ports {
    private Ports() {}

    /// Empty when the container has no port of that name.
    public static Optional<Integer> resolve(IntOrString port, Container container) {
        if (port.getIntVal() != null) {
            return Optional.of(port.getIntVal());
        }
        var name = port.getStrVal();
        var named = container.getPorts().stream()
                .filter(candidate -> name.equals(candidate.getName()))
                .map(candidate -> candidate.getContainerPort())
                .findFirst();
        if (named.isPresent()) {
            return named;
        }
        return name.chars().allMatch(Character::isDigit) && !name.isEmpty()
                ? Optional.of(Integer.valueOf(name))
                : Optional.empty();
    }
}
