package dev.kapal.network.proxy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A table that understands our scripts as the kernel does, and is as strict: what is added must not be there, what is
/// deleted must be, what is pointed at must exist and cannot go. It also sends connections through.
final class SimulatedTable {
    private static final Pattern GOTO = Pattern.compile("goto ([\\w-]+)");
    private static final Pattern SET = Pattern.compile("@(sticky[\\w-]+)");

    final Map<String, Map<String, String>> elements = new TreeMap<>();
    final Map<String, List<String>> chains = new TreeMap<>();
    final Set<String> sets = new TreeSet<>();

    SimulatedTable() {
        for (var set : Rules.Set.values()) {
            elements.put(set.toString(), new TreeMap<>());
        }
        chains.put("refuse", new ArrayList<>());
    }

    void apply(String script) {
        script.lines().forEach(this::line);
        checkReferences();
    }

    private void line(String line) {
        var words = line.split(" ", 6);
        switch (words[0] + " " + words[1]) {
            case "add element" ->
                parts(words[5]).forEach(part -> {
                    var pair = part.split(" : ", 2);
                    var before = elements.get(words[4]).putIfAbsent(pair[0], pair.length > 1 ? pair[1] : "");
                    require(before == null, "there already: " + line);
                });
            case "delete element" ->
                parts(words[5])
                        .forEach(key -> require(
                                elements.get(words[4]).remove(key) != null, "not there: " + key + " in: " + line));
            case "add chain" -> chains.computeIfAbsent(words[4], name -> new ArrayList<>());
            case "flush chain" -> chain(words[4]).clear();
            case "add rule" -> chain(words[4]).add(words[5]);
            case "delete chain" -> {
                require(chain(words[4]).isEmpty(), "not empty: " + line);
                chains.remove(words[4]);
            }
            case "add set" -> require(sets.add(words[4]), "there already: " + line);
            case "delete set" -> require(sets.remove(words[4]), "not there: " + line);
            default -> throw new AssertionError("cannot read: " + line);
        }
    }

    private List<String> chain(String name) {
        require(chains.containsKey(name), "no chain " + name);
        return chains.get(name);
    }

    private static List<String> parts(String braces) {
        return Arrays.asList(braces.substring(2, braces.length() - 2).split(", "));
    }

    private void checkReferences() {
        elements.values().forEach(map -> map.values().forEach(this::checkTargets));
        chains.values().forEach(rules -> rules.forEach(this::checkTargets));
    }

    private void checkTargets(String text) {
        var targets = GOTO.matcher(text);
        while (targets.find()) {
            require(chains.containsKey(targets.group(1)), "goto nowhere: " + text);
        }
        var used = SET.matcher(text);
        while (used.find()) {
            require(sets.contains(used.group(1)), "no set for: " + text);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /// Where connections to `address . protocol . port` can end: backends, or one word for the fate of all of them.
    Set<String> destinations(String key) {
        var refused = elements.get("refused").get(key);
        var verdict = elements.get("services").get(key);
        require(refused == null || verdict == null, "both served and refused: " + key);
        if (refused != null) {
            return Set.of(refused);
        }
        return verdict == null ? Set.of("unknown") : follow(verdict.substring("goto ".length()), key, "backends");
    }

    Set<String> nodePortDestinations(String key) {
        var verdict = elements.get("node-ports").get(key);
        var refused = elements.get("refused-node-ports").get(key);
        if (refused != null) {
            return Set.of(refused);
        }
        return verdict == null ? Set.of("unknown") : follow(verdict.substring("goto ".length()), key, "node-backends");
    }

    private Set<String> follow(String chain, String key, String map) {
        var found = new TreeSet<String>();
        for (var rule : chain(chain)) {
            var drawn = Pattern.compile("ct mark set numgen random mod (\\d+)").matcher(rule);
            var anonymous = Pattern.compile("dnat ip to numgen random mod \\d+ map \\{ (.*) }")
                    .matcher(rule);
            var single = Pattern.compile("dnat ip to (\\d[\\d.]+):(\\d+)").matcher(rule);
            if (drawn.find()) {
                for (int i = 0; i < Integer.parseInt(drawn.group(1)); i++) {
                    var backend = elements.get(map).get(key + " . 0x" + Integer.toHexString(0x4b000000 + i));
                    require(backend != null, "number " + i + " of " + key + " leads nowhere");
                    found.add(backend);
                }
            } else if (anonymous.find()) {
                for (var choice : anonymous.group(1).split(", ")) {
                    found.add(choice.split(" : ", 2)[1]);
                }
            } else if (single.find()) {
                found.add(single.group(1) + " . " + single.group(2));
            } else {
                var targets = GOTO.matcher(rule);
                while (targets.find()) {
                    found.addAll(follow(targets.group(1), key, map));
                }
            }
        }
        return found;
    }

    /// How many elements a map holds for a key; what nobody can draw must not be there.
    long numbersOf(String map, String key) {
        return elements.get(map).keySet().stream()
                .filter(place -> place.startsWith(key + " . 0x"))
                .count();
    }
}
