package dev.kapal.network.resolv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A resolver configuration. Immutable.
///
/// Source: resolv.conf(5).
public record ResolvConf(List<String> nameservers, List<String> searches, List<String> options) {
    public static final ResolvConf EMPTY = new ResolvConf(List.of(), List.of(), List.of());

    private static final Path USUAL = Path.of("/etc/resolv.conf");
    /// Where systemd-resolved names the real servers; the usual file then names only itself.
    private static final Path BEHIND_SYSTEMD = Path.of("/run/systemd/resolve/resolv.conf");

    public ResolvConf {
        nameservers = List.copyOf(nameservers);
        searches = List.copyOf(searches);
        options = List.copyOf(options);
    }

    /// The host's own configuration. A server on the host's loopback says nothing to a pod, so the file behind it is
    /// preferred when there is one.
    public static ResolvConf ofHost() {
        var usual = read(USUAL);
        boolean onlyLoopback = usual.nameservers().stream().allMatch(server -> server.startsWith("127."));
        return onlyLoopback && Files.exists(BEHIND_SYSTEMD) ? read(BEHIND_SYSTEMD) : usual;
    }

    static ResolvConf read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException missing) {
            return EMPTY;
        }
    }

    /// The last `search` or `domain` line wins; comments and what is unknown are skipped.
    public static ResolvConf parse(String text) {
        var nameservers = new ArrayList<String>();
        var options = new ArrayList<String>();
        List<String> searches = List.of();
        for (var line : text.lines().toList()) {
            var words = line.strip().split("\\s+");
            var values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> values.stream().limit(1).forEach(nameservers::add);
                case "search" -> searches = values;
                case "domain" -> searches = values.stream().limit(1).toList();
                case "options" -> options.addAll(values);
                default -> {}
            }
        }
        return new ResolvConf(nameservers, searches, options);
    }

    /// The file's text.
    public String text() {
        var out = new StringBuilder();
        if (!searches.isEmpty()) {
            out.append("search ").append(String.join(" ", searches)).append('\n');
        }
        nameservers.forEach(server -> out.append("nameserver ").append(server).append('\n'));
        if (!options.isEmpty()) {
            out.append("options ").append(String.join(" ", options)).append('\n');
        }
        return out.toString();
    }
}
