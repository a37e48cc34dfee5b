package dev.kapal.agent.env;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The variables that tell a container where services are. Pure.
///
/// Source: Kubernetes documentation, "Discovering services": `{NAME}_SERVICE_HOST`, and the variables of Docker links.
public final class ServiceVariables {
    private ServiceVariables() {}

    /// The variables for a pod in `namespace`. The API server itself, `default/kubernetes`, is always among them; the
    /// services of the namespace are when `links`.
    public static Map<String, String> of(Collection<Service> services, String namespace, boolean links) {
        var chosen = new LinkedHashMap<String, Service>();
        for (var service : services) {
            var metadata = service.getMetadata();
            if (!hasAddress(service)) {
                continue;
            }
            if (links && metadata.getNamespace().equals(namespace)) {
                chosen.put(metadata.getName(), service);
            } else if (metadata.getNamespace().equals("default")
                    && metadata.getName().equals("kubernetes")) {
                chosen.putIfAbsent("kubernetes", service);
            }
        }
        var variables = new LinkedHashMap<String, String>();
        chosen.values().forEach(service -> add(service, variables));
        return variables;
    }

    private static boolean hasAddress(Service service) {
        var ip = service.getSpec().getClusterIP();
        return ip != null
                && !ip.isEmpty()
                && !ip.equals("None")
                && !service.getSpec().getPorts().isEmpty();
    }

    private static void add(Service service, Map<String, String> out) {
        var prefix = upper(service.getMetadata().getName());
        var ip = service.getSpec().getClusterIP();
        var ports = service.getSpec().getPorts();
        out.put(prefix + "_SERVICE_HOST", ip);
        out.put(prefix + "_SERVICE_PORT", String.valueOf(ports.getFirst().getPort()));
        for (var port : ports) {
            if (port.getName() != null && !port.getName().isEmpty()) {
                out.put(prefix + "_SERVICE_PORT_" + upper(port.getName()), String.valueOf(port.getPort()));
            }
        }
        out.put(prefix + "_PORT", url(ip, ports.getFirst()));
        for (var port : ports) {
            var link = prefix + "_PORT_" + port.getPort() + "_" + protocol(port);
            out.put(link, url(ip, port));
            out.put(link + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
            out.put(link + "_PORT", String.valueOf(port.getPort()));
            out.put(link + "_ADDR", ip);
        }
    }

    private static String url(String ip, ServicePort port) {
        var host = ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
        return protocol(port).toLowerCase(Locale.ROOT) + "://" + host + ":" + port.getPort();
    }

    private static String protocol(ServicePort port) {
        return port.getProtocol() == null ? "TCP" : port.getProtocol().toUpperCase(Locale.ROOT);
    }

    private static String upper(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
