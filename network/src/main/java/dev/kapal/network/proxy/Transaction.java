package dev.kapal.network.proxy;

import dev.kapal.network.proxy.Ruleset.Difference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Writes differences as an nftables script, in the one order that works: what is pointed at exists before what
/// points, and goes after it. One thread; made for one script.
final class Transaction {
    /// nft reads its input line by line into one message; very long lines are slow.
    private static final int PER_LINE = 200;

    private final String table;
    private final StringBuilder first = new StringBuilder();
    private final StringBuilder rules = new StringBuilder();
    private final StringBuilder values = new StringBuilder();
    private final StringBuilder emptied = new StringBuilder();
    private final StringBuilder last = new StringBuilder();
    private final StringBuilder veryLast = new StringBuilder();

    Transaction(String table) {
        this.table = table;
    }

    Transaction affinities(List<Difference<String, Integer>> differences) {
        for (var each : differences) {
            if (each.after().isPresent()) {
                first.append("add set ip %s %s { type ipv4_addr; flags dynamic, timeout; timeout %ds; size 65535; }\n"
                        .formatted(table, each.place(), each.after().get()));
            } else {
                veryLast.append("delete set ip %s %s\n".formatted(table, each.place()));
            }
        }
        return this;
    }

    Transaction chains(List<Difference<String, List<String>>> differences) {
        for (var each : differences) {
            var name = each.place();
            if (each.after().isEmpty()) {
                emptied.append("flush chain ip %s %s\n".formatted(table, name));
                last.append("delete chain ip %s %s\n".formatted(table, name));
                continue;
            }
            first.append("add chain ip %s %s\n".formatted(table, name));
            if (each.before().isPresent()) {
                rules.append("flush chain ip %s %s\n".formatted(table, name));
            }
            for (var rule : each.after().get()) {
                rules.append("add rule ip %s %s %s\n".formatted(table, name, rule));
            }
        }
        return this;
    }

    Transaction elements(List<Difference<Rules.Place, String>> differences) {
        Map<Rules.Set, List<String>> gone = new EnumMap<>(Rules.Set.class);
        Map<Rules.Set, List<String>> there = new EnumMap<>(Rules.Set.class);
        for (var each : differences) {
            var place = each.place();
            if (each.before().isPresent()) {
                gone.computeIfAbsent(place.set(), set -> new ArrayList<>()).add(place.key());
            }
            each.after()
                    .ifPresent(value -> there.computeIfAbsent(place.set(), set -> new ArrayList<>())
                            .add(value.isEmpty() ? place.key() : place.key() + " : " + value));
        }
        gone.forEach((set, keys) -> lines("delete", set, keys));
        there.forEach((set, pairs) -> lines("add", set, pairs));
        return this;
    }

    private void lines(String verb, Rules.Set set, List<String> parts) {
        for (int from = 0; from < parts.size(); from += PER_LINE) {
            var some = parts.subList(from, Math.min(parts.size(), from + PER_LINE));
            values.append("%s element ip %s %s { %s }\n".formatted(verb, table, set, String.join(", ", some)));
        }
    }

    String script() {
        return first.append(rules)
                .append(values)
                .append(emptied)
                .append(last)
                .append(veryLast)
                .toString();
    }
}
