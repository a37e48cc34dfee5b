package dev.kapal.network.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that the owners contribute, and how a change of it becomes one nftables transaction. No I/O. One thread.
///
/// A change costs what it touches, not what there is.
final class Ruleset {
    private final String table;
    private final Map<Owner, Rules> contributions = new HashMap<>();
    private final Claims<Rules.Place, String> elements = new Claims<>();
    private final Claims<String, List<String>> chains = new Claims<>();
    private final Claims<String, Integer> affinities = new Claims<>();

    Ruleset(String table) {
        this.table = table;
    }

    /// What `owner` contributes now.
    Rules of(Owner owner) {
        return contributions.getOrDefault(owner, Rules.NONE);
    }

    /// Replaces the contributions of the owners in `changes` ([Rules#NONE] takes one away) and answers the script
    /// that brings the kernel from before to after; empty when nothing differs.
    String change(Map<Owner, Rules> changes) {
        var before = new Before();
        changes.forEach((owner, rules) -> replace(owner, rules, before));
        return new Transaction(table)
                .affinities(differences(before.affinities, affinities))
                .chains(differences(before.chains, chains))
                .elements(differences(before.elements, elements))
                .script();
    }

    /// The script that makes everything, on top of an empty [Skeleton].
    String complete() {
        return new Transaction(table)
                .affinities(all(affinities))
                .chains(all(chains))
                .elements(all(elements))
                .script();
    }

    /// A place whose value differs. `before` and `after` are empty for "not there".
    record Difference<P, V>(P place, Optional<V> before, Optional<V> after) {}

    /// What the touched places held when the change began.
    private static final class Before {
        final Map<Rules.Place, Optional<String>> elements = new LinkedHashMap<>();
        final Map<String, Optional<List<String>>> chains = new LinkedHashMap<>();
        final Map<String, Optional<Integer>> affinities = new LinkedHashMap<>();
    }

    private void replace(Owner owner, Rules rules, Before before) {
        var old = of(owner);
        if (old.equals(rules)) {
            return;
        }
        for (var element : old.elements()) {
            before.elements.computeIfAbsent(element.place(), elements::value);
            elements.withdraw(element.place(), owner);
        }
        for (var chain : old.chains()) {
            before.chains.computeIfAbsent(chain.name(), chains::value);
            chains.withdraw(chain.name(), owner);
        }
        for (var affinity : old.affinities()) {
            before.affinities.computeIfAbsent(affinity.name(), affinities::value);
            affinities.withdraw(affinity.name(), owner);
        }
        for (var element : rules.elements()) {
            before.elements.computeIfAbsent(element.place(), elements::value);
            elements.claim(element.place(), owner, element.value());
        }
        for (var chain : rules.chains()) {
            before.chains.computeIfAbsent(chain.name(), chains::value);
            chains.claim(chain.name(), owner, chain.rules());
        }
        for (var affinity : rules.affinities()) {
            before.affinities.computeIfAbsent(affinity.name(), affinities::value);
            affinities.claim(affinity.name(), owner, affinity.seconds());
        }
        if (rules.equals(Rules.NONE)) {
            contributions.remove(owner);
        } else {
            contributions.put(owner, rules);
        }
    }

    private static <P, V> List<Difference<P, V>> differences(Map<P, Optional<V>> before, Claims<P, V> now) {
        var different = new ArrayList<Difference<P, V>>();
        before.forEach((place, old) -> {
            var value = now.value(place);
            if (!value.equals(old)) {
                different.add(new Difference<>(place, old, value));
            }
        });
        return different;
    }

    private static <P, V> List<Difference<P, V>> all(Claims<P, V> claims) {
        var everything = new ArrayList<Difference<P, V>>();
        claims.each((place, value) -> everything.add(new Difference<>(place, Optional.empty(), Optional.of(value))));
        return everything;
    }
}
