package dev.kapal.dist;

import dev.kapal.apiserver.registry.ServingOptions;
import dev.kapal.apiserver.registry.ServingOptions.PortRange;
import dev.kapal.cli.Refusal;
import dev.kapal.model.ResourceRegistry;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// Which resources the API server has by itself, and how it serves them. Names and defaults are upstream's.
final class ResourceFlags {
    private static final Pattern RANGE =
            Pattern.compile("(?<first>\\d{1,5})(-(?<last>\\d{1,5})|\\+(?<more>\\d{1,5}))?");

    @Option(
            names = "--legacy-apis",
            arity = "1",
            paramLabel = "true|false",
            description = "serves versions that Kubernetes has removed, such as extensions/v1beta1 (${DEFAULT-VALUE})")
    private boolean legacyApis = true;

    @Option(
            names = "--min-request-timeout",
            paramLabel = "SECONDS",
            description = "a watch whose client names no time lasts between this and twice this (${DEFAULT-VALUE})")
    private int shortestWatch = (int) ServingOptions.DEFAULT.shortestWatch().toSeconds();

    @Option(names = "--event-ttl", paramLabel = "DURATION", description = "how long events stay (1h)")
    private String eventTtl = "1h";

    @Option(
            names = "--service-node-port-range",
            paramLabel = "FIRST-LAST",
            description = "the node ports that services get (30000-32767)")
    private String nodePorts = "30000-32767";

    ResourceRegistry registry() {
        return ResourceRegistry.builtIn(legacyApis);
    }

    ServingOptions serving() {
        if (shortestWatch < 0) {
            throw new Refusal("--min-request-timeout can not be negative value");
        }
        return new ServingOptions(
                ports(nodePorts),
                Duration.ofSeconds(shortestWatch),
                ProtectionOptions.duration("--event-ttl", eventTtl));
    }

    /// As upstream: `30000-32767`, `30000+2767` or one port.
    private static PortRange ports(String text) {
        var parts = RANGE.matcher(text);
        try {
            if (parts.matches()) {
                int first = Integer.parseInt(parts.group("first"));
                int last = parts.group("last") != null
                        ? Integer.parseInt(parts.group("last"))
                        : first + (parts.group("more") == null ? 0 : Integer.parseInt(parts.group("more")));
                return new PortRange(first, last);
            }
        } catch (IllegalArgumentException none) {
            throw new Refusal("--service-node-port-range: " + text + " is " + none.getMessage());
        }
        throw new Refusal("--service-node-port-range: unable to parse port range: " + text);
    }
}
