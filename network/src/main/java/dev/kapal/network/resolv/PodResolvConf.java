package dev.kapal.network.resolv;

import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

/// Decides a pod's resolver configuration from its `dnsPolicy` and `dnsConfig`. Immutable; any thread.
///
/// Source: Kubernetes documentation, "DNS for Services and Pods", Pod's DNS Policy and DNS Config.
public final class PodResolvConf {
    private static final int MAX_NAMESERVERS = 3;
    private static final int MAX_SEARCHES = 32;
    private static final int MAX_SEARCH_CHARACTERS = 2048;

    private final List<String> clusterServers;
    private final String domain;
    private final ResolvConf host;

    public PodResolvConf(List<String> clusterServers, String domain, ResolvConf host) {
        this.clusterServers = List.copyOf(clusterServers);
        this.domain = domain;
        this.host = host;
    }

    /// What the pod gets, and what was left out of it.
    ///
    /// @param warnings sentences for the pod's `DNSConfigForming` event; empty when nothing was left out
    public record Formed(ResolvConf file, List<String> warnings) {
        public Formed {
            warnings = List.copyOf(warnings);
        }
    }

    public Formed form(PodSpec spec, String namespace) {
        var base = base(spec, namespace);
        return limited(spec.getDnsConfig() == null ? base : merged(base, spec.getDnsConfig()));
    }

    private ResolvConf base(PodSpec spec, String namespace) {
        boolean hostNetwork = Boolean.TRUE.equals(spec.getHostNetwork());
        String policy = spec.getDnsPolicy() == null ? "ClusterFirst" : spec.getDnsPolicy();
        return switch (policy) {
            case "None" -> ResolvConf.EMPTY;
            case "Default" -> host;
            case "ClusterFirst" -> hostNetwork ? host : clusterFirst(namespace);
            default -> clusterFirst(namespace);
        };
    }

    private ResolvConf clusterFirst(String namespace) {
        var searches = new LinkedHashSet<>(List.of(namespace + ".svc." + domain, "svc." + domain, domain));
        searches.addAll(host.searches());
        return new ResolvConf(clusterServers, List.copyOf(searches), List.of("ndots:5"));
    }

    /// Lists are joined without repeats; an option of the pod replaces one of the same name.
    private static ResolvConf merged(ResolvConf base, PodDNSConfig own) {
        var nameservers = new LinkedHashSet<>(base.nameservers());
        nameservers.addAll(own.getNameservers());
        var searches = new LinkedHashSet<>(base.searches());
        searches.addAll(own.getSearches());
        var options = new LinkedHashMap<String, String>();
        base.options().forEach(option -> options.put(option.split(":", 2)[0], option));
        own.getOptions()
                .forEach(option -> options.put(
                        option.getName(),
                        option.getValue() == null ? option.getName() : option.getName() + ":" + option.getValue()));
        return new ResolvConf(List.copyOf(nameservers), List.copyOf(searches), List.copyOf(options.values()));
    }

    private static Formed limited(ResolvConf wanted) {
        var warnings = new ArrayList<String>();
        var nameservers = wanted.nameservers();
        if (nameservers.size() > MAX_NAMESERVERS) {
            nameservers = nameservers.subList(0, MAX_NAMESERVERS);
            warnings.add("Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver"
                    + " line is: " + String.join(" ", nameservers));
        }
        var searches = limitedSearches(wanted.searches());
        if (searches.size() < wanted.searches().size()) {
            warnings.add("Search Line limits were exceeded, some search paths have been omitted, the applied search"
                    + " line is: " + String.join(" ", searches));
        }
        return new Formed(new ResolvConf(nameservers, searches, wanted.options()), warnings);
    }

    private static List<String> limitedSearches(List<String> wanted) {
        var kept = new ArrayList<String>();
        int characters = 0;
        for (var search : wanted) {
            characters += search.length() + (kept.isEmpty() ? 0 : 1);
            if (kept.size() == MAX_SEARCHES || characters > MAX_SEARCH_CHARACTERS) {
                break;
            }
            kept.add(search);
        }
        return kept;
    }
}
