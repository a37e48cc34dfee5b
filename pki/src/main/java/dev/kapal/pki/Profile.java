package dev.kapal.pki;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a certificate shall say.
///
/// @param organizations become the groups of a client
/// @param names DNS names and IP addresses of a server
public record Profile(
        String commonName,
        List<String> organizations,
        List<String> names,
        boolean server,
        boolean client,
        Duration ttl) {
    /// As long as upstream's tools give.
    public static final Duration YEAR = Duration.ofDays(365);

    public Profile {
        organizations = List.copyOf(organizations);
        names = List.copyOf(names);
    }

    public static Profile client(String commonName, String... organizations) {
        return new Profile(commonName, List.of(organizations), List.of(), false, true, YEAR);
    }

    public static Profile server(String commonName, List<String> names) {
        return new Profile(commonName, List.of(), names, true, false, YEAR);
    }

    /// A kubelet is both: it serves and it calls.
    public static Profile node(String nodeName, List<String> addresses) {
        var names = new ArrayList<String>();
        names.add(nodeName);
        names.addAll(addresses);
        return new Profile("system:node:" + nodeName, List.of("system:nodes"), names, true, true, YEAR);
    }
}
