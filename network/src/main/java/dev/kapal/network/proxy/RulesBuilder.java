package dev.kapal.network.proxy;

import dev.kapal.network.proxy.Rules.Affinity;
import dev.kapal.network.proxy.Rules.Chain;
import dev.kapal.network.proxy.Rules.Element;
import dev.kapal.network.proxy.Rules.Set;
import dev.kapal.network.proxy.Rules.UdpFlow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Collects what an owner contributes; the same thing said twice counts once. One thread.
final class RulesBuilder {
    private final Map<Rules.Place, Element> elements = new LinkedHashMap<>();
    private final Map<String, Chain> chains = new LinkedHashMap<>();
    private final LinkedHashSet<Affinity> affinities = new LinkedHashSet<>();
    private final LinkedHashSet<UdpFlow> flows = new LinkedHashSet<>();

    void element(Set set, String key, String value) {
        var element = new Element(set, key, value);
        elements.putIfAbsent(element.place(), element);
    }

    void chain(String name, List<String> rules) {
        chains.putIfAbsent(name, new Chain(name, rules));
    }

    void affinity(String name, int seconds) {
        affinities.add(new Affinity(name, seconds));
    }

    void flow(String address, int port, String backend) {
        flows.add(new UdpFlow(address, port, backend));
    }

    Rules build() {
        return new Rules(
                new ArrayList<>(elements.values()),
                new ArrayList<>(chains.values()),
                new ArrayList<>(affinities),
                new ArrayList<>(flows));
    }
}
