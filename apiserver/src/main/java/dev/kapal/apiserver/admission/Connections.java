package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.api.Call;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Optional;

/// Admits what is not a write but reaches into a pod, a node or a service: exec, attach, port-forward, proxy. The
/// object
/// of such a request is made of its query. Any thread.
public final class Connections {
    private static final GroupVersion CORE = new GroupVersion("", "v1");

    private final Admission admission;

    public Connections(Admission admission) {
        this.admission = admission;
    }

    /// Throws when the connection is refused.
    public void admit(Call call, ResourceDefinition definition, AdmissionNotes notes) throws InterruptedException {
        var info = call.info();
        var options = options(call);
        var request = new AdmissionRequest(
                Operation.CONNECT,
                definition,
                definition,
                CORE.kind(options.path("kind").asText()),
                info.subresource(),
                definition.namespaced() ? info.namespace() : "",
                info.name(),
                Optional.of(options),
                Optional.empty(),
                call.user(),
                false,
                Documents.object(),
                notes,
                new Reinvocation());
        admission.mutate(request);
        admission.validate(request);
    }

    private static ObjectNode options(Call call) {
        var info = call.info();
        return switch (info.subresource()) {
            case "exec" -> command(call, of("PodExecOptions"));
            case "attach" -> command(call, of("PodAttachOptions"));
            case "portforward" -> portForward(call, of("PodPortForwardOptions"));
            default -> proxy(call, of(proxyKind(info.resource())));
        };
    }

    private static ObjectNode of(String kind) {
        return Documents.object().put("kind", kind).put("apiVersion", CORE.apiVersion());
    }

    private static String proxyKind(String resource) {
        return switch (resource) {
            case "nodes" -> "NodeProxyOptions";
            case "services" -> "ServiceProxyOptions";
            default -> "PodProxyOptions";
        };
    }

    private static ObjectNode command(Call call, ObjectNode options) {
        for (var flag : List.of("stdin", "stdout", "stderr", "tty")) {
            if (call.query().isTrue(flag)) {
                options.put(flag, true);
            }
        }
        var container = call.query().first("container");
        if (!container.isEmpty()) {
            options.put("container", container);
        }
        var command = call.query().values("command");
        if (!command.isEmpty()) {
            command.forEach(options.putArray("command")::add);
        }
        return options;
    }

    private static ObjectNode portForward(Call call, ObjectNode options) {
        var ports = call.query().values("ports");
        if (!ports.isEmpty()) {
            var list = options.putArray("ports");
            ports.forEach(port -> {
                if (port.matches("\\d{1,9}")) {
                    list.add(Integer.parseInt(port));
                }
            });
        }
        return options;
    }

    private static ObjectNode proxy(Call call, ObjectNode options) {
        var parts = call.info().parts();
        if (parts.size() > 3) {
            options.put("path", "/" + String.join("/", parts.subList(3, parts.size())));
        }
        return options;
    }
}
