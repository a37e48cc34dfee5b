package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.strategy.Strategy.Claim;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Gives services their addresses and node ports. What is taken is read off the services themselves, so nothing can
/// leak or be given twice by a crash; what writes under way have chosen is held beside until the cache shows it.
final class ServiceAllocator {
    private static final String RESOURCE = "core/services";

    private final WatchCaches caches;
    private final RandomGenerator random;
    private final ServiceRanges ranges;
    private final int firstPort;
    private final int lastPort;
    /// Addresses and ports (as `TCP30000`) of writes under way; guarded by this.
    private final Set<String> underWay = new HashSet<>();

    ServiceAllocator(WatchCaches caches, RandomGenerator random, AddressRange addresses, int firstPort, int lastPort) {
        this.caches = caches;
        this.random = random;
        this.ranges = new ServiceRanges(caches, addresses);
        this.firstPort = firstPort;
        this.lastPort = lastPort;
    }

    /// Writes what is missing into `candidate` and holds what is new in it.
    Claim claim(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) throws InterruptedException {
        caches.awaitNewest(); // what was deleted a moment ago is free
        return claimNow(candidate, stored, problems);
    }

    private synchronized Claim claimNow(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var spec = candidate.withObject("/spec");
        var before = stored.map(s -> s.path("spec")).orElse(candidate.path("absent"));
        if (!needs(spec, before)) {
            return Claim.NOTHING;
        }
        var taken = taken();
        var held = new HashSet<String>();
        claimAddress(spec, before, taken, held, problems);
        claimPorts(spec, before, taken, held, problems);
        claimHealthCheckPort(spec, before, taken, held);
        underWay.addAll(held);
        return new Held(held);
    }

    private static boolean needs(JsonNode spec, JsonNode before) {
        return ServiceFields.hasClusterIp(spec)
                        && !ServiceFields.isHeadless(spec)
                        && (before.isMissingNode() || !spec.path("clusterIP").equals(before.path("clusterIP")))
                || !ServiceFields.taken(spec).equals(ServiceFields.taken(before))
                || ServiceFields.hasNodePorts(spec) && hasPortWithout(spec)
                || needsHealthCheckPort(spec);
    }

    private static boolean needsHealthCheckPort(JsonNode spec) {
        return ServiceFields.hasHealthCheck(spec)
                && spec.path("healthCheckNodePort").asInt(0) == 0;
    }

    private static boolean hasPortWithout(JsonNode spec) {
        for (var port : spec.path("ports")) {
            if (port.path("nodePort").asInt(0) == 0) {
                return true;
            }
        }
        return false;
    }

    private Set<String> taken() {
        var taken = ranges.reserved();
        taken.addAll(underWay);
        caches.cache(RESOURCE).snapshot().objects().visit("", "", service -> {
            collect(service, taken);
            return true;
        });
        return taken;
    }

    private static void collect(CachedObject service, Set<String> taken) {
        taken.add(service.field("spec.clusterIP"));
        var ports = service.field(ServiceFields.NODE_PORTS);
        if (!ports.isEmpty()) {
            taken.addAll(Set.of(ports.split(",")));
        }
    }

    private void claimAddress(
            ObjectNode spec, JsonNode before, Set<String> taken, Set<String> held, Problems problems) {
        if (!ServiceFields.hasClusterIp(spec) || ServiceFields.isHeadless(spec)) {
            return;
        }
        var wanted = spec.path("clusterIP").asText("");
        if (wanted.isEmpty()) {
            wanted = freeAddress(taken);
            spec.put("clusterIP", wanted);
            spec.putArray("clusterIPs").add(wanted);
        } else if (!wanted.equals(before.path("clusterIP").asText(""))) {
            if (!isFree(spec, wanted, taken, problems)) {
                return;
            }
        } else {
            return;
        }
        held.add(wanted);
    }

    private boolean isFree(ObjectNode spec, String wanted, Set<String> taken, Problems problems) {
        var containing =
                ranges.all().stream().filter(range -> range.spans(wanted)).toList();
        String why;
        if (containing.isEmpty()) {
            why = "the provided network does not match the current range";
        } else if (containing.stream().noneMatch(range -> range.contains(wanted))) {
            why = "the provided IP (" + wanted + ") is not in the valid range. The range of valid IPs is "
                    + containing.getFirst().cidr();
        } else if (taken.contains(wanted)) {
            why = "provided IP is already allocated";
        } else {
            return true;
        }
        problems.invalid("spec.clusterIPs", spec.path("clusterIPs"), "failed to allocate IP " + wanted + ": " + why);
        return false;
    }

    private String freeAddress(Set<String> taken) {
        for (var range : ranges.all()) {
            long usable = range.size() - 2;
            var free = free(range, range.band() + 1, usable, taken)
                    .or(() -> free(range, 1, Math.min(range.band(), usable), taken));
            if (free.isPresent()) {
                return free.get();
            }
        }
        throw ApiException.internal("failed to allocate a serviceIP: range is full");
    }

    /// A free address between two offsets, from a random one on.
    private Optional<String> free(AddressRange range, long first, long last, Set<String> taken) {
        long count = last - first + 1;
        if (count <= 0) {
            return Optional.empty();
        }
        long start = random.nextLong(count);
        for (long i = 0; i < count; i++) {
            var address = range.at(first + (start + i) % count);
            if (!taken.contains(address)) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    private void claimPorts(ObjectNode spec, JsonNode before, Set<String> taken, Set<String> held, Problems problems) {
        boolean given = ServiceFields.hasNodePorts(spec);
        var own = Set.of(ServiceFields.taken(before).split(","));
        var ports = spec.path("ports");
        for (int i = 0; i < ports.size(); i++) {
            var port = (ObjectNode) ports.get(i);
            var protocol = port.path("protocol").asText("TCP");
            int wanted = port.path("nodePort").asInt(0);
            if (wanted == 0 && !given) {
                continue;
            }
            if (wanted == 0) {
                wanted = freePort(spec, protocol, taken, held);
                port.put("nodePort", wanted);
            } else if (own.contains(protocol + wanted)
                    || !isFree(Problems.at("spec.ports", i) + ".nodePort", protocol, wanted, taken, problems)) {
                continue;
            }
            held.add(protocol + wanted);
        }
    }

    private void claimHealthCheckPort(ObjectNode spec, JsonNode before, Set<String> taken, Set<String> held) {
        int wanted = spec.path("healthCheckNodePort").asInt(0);
        if (!ServiceFields.hasHealthCheck(spec)
                || wanted != 0 && wanted == before.path("healthCheckNodePort").asInt(0)) {
            return;
        }
        if (wanted == 0) {
            wanted = freePort(spec, "TCP", taken, held);
            spec.put("healthCheckNodePort", wanted);
        } else {
            var problems = new Problems();
            if (!isFree("spec.healthCheckNodePort", "TCP", wanted, taken, problems)) {
                throw ApiException.internal("failed to allocate requested HealthCheck NodePort " + wanted + ": "
                        + problems.found().getFirst().detail());
            }
        }
        held.add("TCP" + wanted);
    }

    private boolean isFree(String path, String protocol, int wanted, Set<String> taken, Problems problems) {
        if (wanted < firstPort || wanted > lastPort) {
            problems.invalid(
                    path,
                    wanted,
                    "provided port is not in the valid range. The range of valid ports is " + firstPort + "-"
                            + lastPort);
        } else if (taken.contains(protocol + wanted)) {
            problems.invalid(path, wanted, "provided port is already allocated");
        } else {
            return true;
        }
        return false;
    }

    /// One number serves several protocols of one service, so a port that the service has for another is tried first.
    private int freePort(ObjectNode spec, String protocol, Set<String> taken, Set<String> held) {
        for (var other : spec.path("ports")) {
            int number = other.path("nodePort").asInt(0);
            if (number != 0
                    && !other.path("protocol").asText("TCP").equals(protocol)
                    && !taken.contains(protocol + number)
                    && !held.contains(protocol + number)) {
                return number;
            }
        }
        int count = lastPort - firstPort + 1;
        int start = random.nextInt(count);
        for (int i = 0; i < count; i++) {
            int number = firstPort + (start + i) % count;
            boolean free = true;
            for (var any : new String[] {"TCP", "UDP", "SCTP"}) {
                free &= !taken.contains(any + number) && !held.contains(any + number);
            }
            if (free) {
                return number;
            }
        }
        throw ApiException.internal("failed to allocate a nodePort: range is full");
    }

    private synchronized void release(Set<String> held) {
        underWay.removeAll(held);
    }

    /// What one write has chosen.
    private final class Held implements Claim {
        private final Set<String> held;

        Held(Set<String> held) {
            this.held = held;
        }

        /// From here on the service itself shows what it took.
        @Override
        public void settle(long revision) throws InterruptedException {
            caches.awaitFresh(revision);
        }

        @Override
        public void close() {
            release(held);
        }
    }
}
