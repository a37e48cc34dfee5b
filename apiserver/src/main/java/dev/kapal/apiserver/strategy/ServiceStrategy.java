package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A service owns its address and its node ports from its first write to its end, over all changes of its type.
final class ServiceStrategy implements Strategy {
    static final String NONE = "None";

    private final ServiceAllocator allocator;

    ServiceStrategy(ServiceAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public void onCreate(ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
        ServiceFields.matchClusterIps(service);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        ServiceFields.takeOver(incoming, stored);
        ServiceFields.matchClusterIps(incoming);
    }

    @Override
    public void check(ObjectNode service, Optional<ObjectNode> stored, Problems problems) {
        stored.ifPresent(before -> {
            ServiceAddressRules.checkKept(service.path("spec"), before.path("spec"), problems);
            ServiceTrafficRules.checkKept(service.path("spec"), before.path("spec"), problems);
        });
        ServiceRules.check(service, problems);
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        ServiceTrafficRules.checkStatus(candidate, problems);
    }

    @Override
    public Claim claim(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems)
            throws InterruptedException {
        if (problems.isEmpty()) {
            var before = stored.map(s -> s.path("spec")).orElse(candidate.path("absent"));
            ServiceFamilies.fill(candidate.withObject("/spec"), before, problems);
        }
        return problems.isEmpty() ? allocator.claim(candidate, stored, problems) : Claim.NOTHING;
    }

    @Override
    public List<String> warnings(ObjectNode service) {
        return ServiceWarnings.of(service);
    }

    @Override
    public List<String> statusWarnings(ObjectNode service) {
        return AddressWarnings.ofLoadBalancer(service);
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.dns1035Label(name);
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }

    @Override
    public boolean showsDeleted() {
        return true;
    }

    @Override
    public Set<String> selectable() {
        return Set.of("spec.clusterIP", "spec.type");
    }

    @Override
    public Map<String, String> fields(ObjectNode service) {
        var spec = service.path("spec");
        return Map.of(
                "spec.clusterIP",
                spec.path("clusterIP").asText(""),
                "spec.type",
                spec.path("type").asText(""),
                ServiceFields.NODE_PORTS,
                ServiceFields.taken(spec));
    }
}
