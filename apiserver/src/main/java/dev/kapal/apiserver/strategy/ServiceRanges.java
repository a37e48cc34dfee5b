package dev.kapal.apiserver.strategy;

import dev.kapal.apiserver.cache.WatchCaches;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Where services get their addresses from: the range of the server's configuration, then those of the ServiceCIDRs
/// that
/// can be used. Any thread.
public final class ServiceRanges {
    /// What a usable ServiceCIDR has as a field: its ranges, with commas.
    public static final String USABLE = "usable";

    /// What an IPAddress has as a field that nobody made for a service.
    public static final String RESERVED = "reserved";

    private static final String RANGES = "networking.k8s.io/servicecidrs";
    private static final String ADDRESSES = "networking.k8s.io/ipaddresses";

    private final WatchCaches caches;
    private final AddressRange first;

    ServiceRanges(WatchCaches caches, AddressRange first) {
        this.caches = caches;
        this.first = first;
    }

    /// In the order in which they are used up; only IPv4, as the cluster's network.
    List<AddressRange> all() {
        var texts = new LinkedHashSet<String>();
        texts.add(first.cidr());
        caches.cache(RANGES).snapshot().objects().visit("", "", range -> {
            texts.addAll(List.of(range.field(USABLE).split(",")));
            return true;
        });
        var ranges = new ArrayList<AddressRange>();
        for (var text : texts) {
            if (Addresses.isCidr(text) && text.indexOf(':') < 0) {
                ranges.add(AddressRange.of(text));
            }
        }
        return ranges;
    }

    /// Addresses that somebody keeps from services.
    Set<String> reserved() {
        var reserved = new HashSet<String>();
        caches.cache(ADDRESSES).snapshot().objects().visit("", "", address -> {
            if (!address.field(RESERVED).isEmpty()) {
                reserved.add(address.name());
            }
            return true;
        });
        return reserved;
    }
}
