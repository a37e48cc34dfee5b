package dev.kapal.network.dns;

import dev.kapal.client.Key;
import dev.kapal.network.Cidr;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.dns.ClusterNames.NamedEndpoint;
import dev.kapal.network.dns.ClusterNames.NamedPort;
import dev.kapal.network.dns.ClusterNames.NamedService;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// The names of services and pods. Pure over [ClusterNames]; any thread.
///
///     SERVICE.NAMESPACE.svc.DOMAIN                     the cluster IP, or a headless service's endpoints
///     ENDPOINT.SERVICE.NAMESPACE.svc.DOMAIN            one endpoint: a pod's hostname, or 10-244-0-5
///     _PORT._PROTOCOL.SERVICE.NAMESPACE.svc.DOMAIN     SRV
///     10-244-0-5.NAMESPACE.pod.DOMAIN                  the address written in the name
///     5.0.244.10.in-addr.arpa                          PTR, for both of the cluster's ranges
///
/// Source: Kubernetes DNS-Based Service Discovery 1.1.0; where it is silent, as CoreDNS does with `pods insecure`.
final class ClusterZone {
    /// Unit: seconds. What clusters made by kubeadm use.
    static final long TTL = 30;

    private static final Name REVERSE = name("in-addr.arpa");
    private static final String SCHEMA_VERSION = "1.1.0";

    private final NetworkConfig config;
    private final ClusterNames names;
    private final Name zone;
    private final Name nameServer;
    private final Name hostmaster;

    ClusterZone(NetworkConfig config, ClusterNames names) {
        this.config = config;
        this.names = names;
        this.zone = name(config.domain());
        this.nameServer = name("ns.dns." + config.domain());
        this.hostmaster = name("hostmaster." + config.domain());
    }

    Lookup find(Name question, int type) {
        if (question.subdomain(zone)) {
            return answer(question, type, labels(question));
        }
        return reverse(question, type);
    }

    /// Goes with every answer that says "no": how long that may be believed.
    SOARecord authority() {
        return new SOARecord(zone, DClass.IN, TTL, nameServer, hostmaster, 1, 7200, 1800, 86_400, TTL);
    }

    /// The labels left of the zone, the one nearest to it first, in lower case.
    private List<String> labels(Name question) {
        var labels = new ArrayList<String>();
        for (int i = question.labels() - zone.labels() - 1; i >= 0; i--) {
            labels.add(question.getLabelString(i).toLowerCase(Locale.ROOT));
        }
        return labels;
    }

    private Lookup answer(Name question, int type, List<String> labels) {
        if (labels.isEmpty()) {
            return apex(type);
        }
        return switch (labels.getFirst()) {
            case "svc" -> labels.size() == 1 ? new Lookup.NoData() : service(question, type, labels);
            case "pod" -> labels.size() == 1 ? new Lookup.NoData() : pod(question, type, labels);
            case "dns-version" -> labels.size() == 1 ? version(question, type) : new Lookup.NoSuchName();
            case "dns" -> dns(question, type, labels);
            default -> new Lookup.NoSuchName();
        };
    }

    private Lookup apex(int type) {
        return switch (type) {
            case Type.SOA -> found(authority());
            case Type.NS -> found(new NSRecord(zone, DClass.IN, TTL, nameServer));
            default -> new Lookup.NoData();
        };
    }

    private Lookup version(Name question, int type) {
        return type == Type.TXT ? found(new TXTRecord(question, DClass.IN, TTL, SCHEMA_VERSION)) : new Lookup.NoData();
    }

    private Lookup dns(Name question, int type, List<String> labels) {
        if (labels.size() == 1) {
            return new Lookup.NoData();
        }
        boolean server = labels.size() == 2 && labels.get(1).equals("ns");
        return server ? addresses(question, type, List.of(config.dnsAddress())) : new Lookup.NoSuchName();
    }

    /// `labels`: svc, namespace, service, then nothing, an endpoint, or protocol and port.
    private Lookup service(Name question, int type, List<String> labels) {
        String namespace = labels.get(1);
        if (labels.size() == 2) {
            return names.hasNamespace(namespace) ? new Lookup.NoData() : new Lookup.NoSuchName();
        }
        var key = new Key(namespace, labels.get(2));
        var service = names.service(key);
        if (service.isEmpty() || labels.size() > 5) {
            return new Lookup.NoSuchName();
        }
        if (!service.get().externalName().isEmpty()) {
            return labels.size() == 3 ? alias(question, service.get()) : new Lookup.NoSuchName();
        }
        return switch (labels.size()) {
            case 3 -> whole(question, type, key, service.get());
            case 4 -> fourth(question, type, key, labels.get(3));
            default -> ports(question, type, key, service.get(), labels.get(4), labels.get(3));
        };
    }

    private Lookup whole(Name question, int type, Key key, NamedService service) {
        var endpoints = service.clusterIp().isEmpty() ? names.endpoints(key) : List.<NamedEndpoint>of();
        if (service.clusterIp().isEmpty() && endpoints.isEmpty()) {
            return new Lookup.NoSuchName();
        }
        if (type == Type.SRV) {
            return records(question, key, service, port -> true);
        }
        return service.clusterIp().isEmpty()
                ? addresses(question, type, distinct(endpoints))
                : addresses(question, type, List.of(service.clusterIp()));
    }

    /// One label left of the service: an endpoint's name, or half of a port's (which exists, but has no records).
    private Lookup fourth(Name question, int type, Key key, String label) {
        if (label.equals("_tcp") || label.equals("_udp") || label.equals("_sctp")) {
            return new Lookup.NoData();
        }
        var named = names.endpoints(key).stream()
                .filter(endpoint -> endpoint.hostname().equalsIgnoreCase(label))
                .toList();
        return named.isEmpty() ? new Lookup.NoSuchName() : addresses(question, type, distinct(named));
    }

    private Lookup ports(Name question, int type, Key key, NamedService service, String port, String protocol) {
        if (!port.startsWith("_") || !protocol.startsWith("_")) {
            return new Lookup.NoSuchName();
        }
        var found = records(
                question,
                key,
                service,
                candidate -> candidate.name().equalsIgnoreCase(port.substring(1))
                        && candidate.protocol().equals(protocol.substring(1)));
        boolean exists = found instanceof Lookup.Found;
        return exists && type != Type.SRV ? new Lookup.NoData() : found;
    }

    @FunctionalInterface
    private interface Wanted {
        boolean is(NamedPort port);
    }

    /// SRV records, with the addresses of their targets beside them.
    private Lookup records(Name question, Key key, NamedService service, Wanted wanted) {
        var records = new LinkedHashSet<Record>();
        var targets = new LinkedHashSet<Record>();
        if (!service.clusterIp().isEmpty()) {
            var target = serviceName(key);
            service.ports().stream()
                    .filter(wanted::is)
                    .forEach(port -> records.add(srv(question, 100, port.port(), target)));
            targets.add(address(target, service.clusterIp()));
        } else {
            var endpoints = names.endpoints(key);
            int weight = Math.max(1, 100 / Math.max(1, endpoints.size()));
            for (var endpoint : endpoints) {
                var target = endpointName(key, endpoint.hostname());
                endpoint.ports().stream().filter(wanted::is).forEach(port -> {
                    records.add(srv(question, weight, port.port(), target));
                    targets.add(address(target, endpoint.address()));
                });
            }
        }
        return records.isEmpty()
                ? new Lookup.NoSuchName()
                : new Lookup.Found(List.copyOf(records), List.copyOf(targets));
    }

    private Lookup alias(Name question, NamedService service) {
        // The API server checks the name when the service is written, so it can be one here.
        var target = name(service.externalName());
        return new Lookup.Alias(new CNAMERecord(question, DClass.IN, TTL, target), target);
    }

    /// `labels`: pod, namespace, then the address with dashes.
    private Lookup pod(Name question, int type, List<String> labels) {
        if (!names.hasNamespace(labels.get(1)) || labels.size() > 3) {
            return new Lookup.NoSuchName();
        }
        if (labels.size() == 2) {
            return new Lookup.NoData();
        }
        var address = labels.get(2).replace('-', '.');
        return Cidr.isAddress(address) ? addresses(question, type, List.of(address)) : new Lookup.NoSuchName();
    }

    /// Only addresses of the cluster's ranges are ours; a name for any other is asked for elsewhere.
    private Lookup reverse(Name question, int type) {
        var address = addressOf(question);
        if (address.isEmpty()) {
            return new Lookup.Elsewhere();
        }
        var targets = new LinkedHashSet<Name>();
        names.serviceAt(address.get()).map(this::serviceName).ifPresent(targets::add);
        if (targets.isEmpty()) {
            names.endpointsAt(address.get())
                    .forEach(endpoint -> targets.add(endpointName(endpoint.service(), endpoint.hostname())));
        }
        boolean ours = config.serviceCidr().contains(address.get())
                || config.clusterCidr().contains(address.get());
        if (targets.isEmpty()) {
            return ours ? new Lookup.NoSuchName() : new Lookup.Elsewhere();
        }
        if (type != Type.PTR) {
            return new Lookup.NoData();
        }
        return new Lookup.Found(
                targets.stream()
                        .map(target -> (Record) new PTRRecord(question, DClass.IN, TTL, target))
                        .toList(),
                List.of());
    }

    private static Optional<String> addressOf(Name question) {
        if (!question.subdomain(REVERSE) || question.labels() != REVERSE.labels() + 4) {
            return Optional.empty();
        }
        var address = question.getLabelString(3) + "." + question.getLabelString(2) + "." + question.getLabelString(1)
                + "." + question.getLabelString(0);
        return Optional.of(address).filter(Cidr::isAddress);
    }

    private static Lookup addresses(Name question, int type, List<String> addresses) {
        var records = new ArrayList<Record>();
        for (var text : addresses) {
            var record = address(question, text);
            if (record.getType() == type || type == Type.ANY) {
                records.add(record);
            }
        }
        return records.isEmpty() ? new Lookup.NoData() : new Lookup.Found(records, List.of());
    }

    private static List<String> distinct(List<NamedEndpoint> endpoints) {
        return endpoints.stream().map(NamedEndpoint::address).distinct().toList();
    }

    private static Record address(Name owner, String text) {
        try {
            // Never a look-up: the text is an address, from the API.
            var address = InetAddress.getByName(text);
            return text.indexOf(':') >= 0
                    ? new AAAARecord(owner, DClass.IN, TTL, address)
                    : new ARecord(owner, DClass.IN, TTL, address);
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalArgumentException(notAnAddress);
        }
    }

    private static Record srv(Name owner, int weight, int port, Name target) {
        return new SRVRecord(owner, DClass.IN, TTL, 0, weight, port, target);
    }

    private Name serviceName(Key key) {
        return name(key.name() + "." + key.namespace() + ".svc." + config.domain());
    }

    private Name endpointName(Key key, String hostname) {
        return name(hostname + "." + key.name() + "." + key.namespace() + ".svc." + config.domain());
    }

    private static Lookup found(Record record) {
        return new Lookup.Found(List.of(record), List.of());
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text.endsWith(".") ? text : text + ".");
        } catch (TextParseException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}
