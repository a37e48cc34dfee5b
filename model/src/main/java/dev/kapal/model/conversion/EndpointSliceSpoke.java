package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Endpoints that tell their zone and node in a map of places.
final class EndpointSliceSpoke implements Spoke {
    static final Spoke SPOKE = new EndpointSliceSpoke();

    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String HOST = "kubernetes.io/hostname";

    @Override
    public void toStored(ObjectNode document) {
        Fields.each(document, "endpoints", endpoint -> {
            if (!(endpoint.remove("topology") instanceof ObjectNode topology)) {
                return;
            }
            Fields.move(topology, ZONE, endpoint, "zone");
            // a node that stands there as well is not told twice
            if (endpoint.hasNonNull("nodeName") && endpoint.get("nodeName").equals(topology.get(HOST))) {
                topology.remove(HOST);
            }
            if (!topology.isEmpty()) {
                endpoint.set("deprecatedTopology", topology);
            }
        });
    }

    @Override
    public void toServed(ObjectNode document) {
        Fields.each(document, "endpoints", endpoint -> {
            Fields.rename(endpoint, "deprecatedTopology", "topology");
            if (!endpoint.hasNonNull("zone") && !endpoint.hasNonNull("nodeName")) {
                return;
            }
            var topology = Fields.object(endpoint, "topology").orElseGet(() -> endpoint.putObject("topology"));
            Fields.move(endpoint, "zone", topology, ZONE);
            if (!topology.has(HOST)) {
                Fields.copy(endpoint, "nodeName", topology, HOST);
            }
        });
    }
}
