package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/// Ingresses whose back ends name a service and its port in one go.
final class IngressSpoke implements Spoke {
    static final Spoke SPOKE = new IngressSpoke();

    @Override
    public void toStored(ObjectNode document) {
        Fields.object(document, "spec").ifPresent(spec -> {
            Fields.rename(spec, "backend", "defaultBackend");
            backends(spec, IngressSpoke::backendToStored);
        });
    }

    @Override
    public void toServed(ObjectNode document) {
        Fields.object(document, "spec").ifPresent(spec -> {
            backends(spec, IngressSpoke::backendToServed);
            Fields.rename(spec, "defaultBackend", "backend");
        });
    }

    private static void backends(ObjectNode spec, Consumer<ObjectNode> action) {
        Fields.object(spec, "defaultBackend").ifPresent(action);
        Fields.each(
                spec,
                "rules",
                rule -> Fields.object(rule, "http")
                        .ifPresent(http -> Fields.each(
                                http,
                                "paths",
                                path -> Fields.object(path, "backend").ifPresent(action))));
    }

    private static void backendToStored(ObjectNode backend) {
        var name = backend.remove("serviceName");
        var port = backend.remove("servicePort");
        if (name == null && port == null) {
            return;
        }
        var service = backend.putObject("service").put("name", name == null ? "" : name.asText());
        if (port != null && !port.isNull()) {
            var stored = service.putObject("port");
            stored.set(port.isNumber() ? "number" : "name", port);
        }
    }

    private static void backendToServed(ObjectNode backend) {
        if (!(backend.remove("service") instanceof ObjectNode service)) {
            return;
        }
        Fields.move(service, "name", backend, "serviceName");
        var port = service.path("port");
        Fields.copy(port, port.path("number").asInt(0) != 0 ? "number" : "name", backend, "servicePort");
    }
}
