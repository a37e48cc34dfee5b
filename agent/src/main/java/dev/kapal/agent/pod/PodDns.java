package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/// What a pod's `/etc/resolv.conf` says. Implemented by who knows the cluster's DNS.
@FunctionalInterface
public interface PodDns {
    Config of(Pod pod);

    record Config(List<String> servers, List<String> searches, List<String> options) {
        public Config {
            servers = List.copyOf(servers);
            searches = List.copyOf(searches);
            options = List.copyOf(options);
        }
    }
}
