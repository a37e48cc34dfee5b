package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
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
        ServiceFields.dropForType(service);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        ServiceFields.takeOver(incoming, stored);
        ServiceFields.matchClusterIps(incoming);
        ServiceFields.dropForType(incoming);
    }

    @Override
    public void check(ObjectNode service, Optional<ObjectNode> stored, Problems problems) {
        ServiceRules.check(service.path("spec"), problems);
        stored.ifPresent(before -> checkAddressKept(service.path("spec"), before.path("spec"), problems));
    }

    private static void checkAddressKept(JsonNode spec, JsonNode before, Problems problems) {
        var external = "ExternalName";
        if (spec.path("type").asText().equals(external)
                || before.path("type").asText().equals(external)) {
            return;
        }
        var old = before.path("clusterIP").asText("");
        var now = spec.path("clusterIP").asText("");
        if (!old.isEmpty() && !now.equals(old)) {
            problems.invalid("spec.clusterIPs[0]", spec.path("clusterIPs"), "may not change once set");
        }
    }

    @Override
    public Claim claim(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems)
            throws InterruptedException {
        return allocator.claim(candidate, stored, problems);
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
                ServiceFields.nodePorts(spec));
    }
}
