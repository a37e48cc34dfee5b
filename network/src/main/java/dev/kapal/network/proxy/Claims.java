package dev.kapal.network.proxy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Who claims what: several owners may claim one place, the first in the alphabet has its way, and the place is free
/// when
/// the last has withdrawn. One thread.
final class Claims<P, V> {
    /// Nearly every place has one owner, so the map for one is the small immutable kind.
    private final Map<P, Map<Owner, V>> byPlace = new HashMap<>();

    void claim(P place, Owner owner, V value) {
        byPlace.merge(place, Map.of(owner, value), (before, one) -> {
            if (before.size() == 1 && before.containsKey(owner)) {
                return one;
            }
            var several = before instanceof TreeMap<Owner, V> tree ? tree : new TreeMap<>(before);
            several.put(owner, value);
            return several;
        });
    }

    void withdraw(P place, Owner owner) {
        byPlace.computeIfPresent(place, (same, owners) -> {
            if (owners instanceof TreeMap<Owner, V> several) {
                several.remove(owner);
                return several.isEmpty() ? null : several;
            }
            return owners.containsKey(owner) ? null : owners;
        });
    }

    Optional<V> value(P place) {
        return Optional.ofNullable(byPlace.get(place)).map(Claims::first);
    }

    void each(BiConsumer<P, V> visitor) {
        byPlace.forEach((place, owners) -> visitor.accept(place, first(owners)));
    }

    private static <V> V first(Map<Owner, V> owners) {
        return owners instanceof TreeMap<Owner, V> several
                ? several.firstEntry().getValue()
                : owners.values().iterator().next();
    }
}
