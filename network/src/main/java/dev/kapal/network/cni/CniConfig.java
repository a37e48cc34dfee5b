package dev.kapal.network.cni;

import dev.kapal.network.Cidr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/// The network configuration list for the standard plugins: `bridge` connects the pod, `host-local` picks its
/// address. Immutable; any thread.
///
/// Masquerading and host ports are missing on purpose: the service proxy's table does both, and takes them along
/// when it
/// goes, where the plugins would leave iptables chains behind.
/// Source: CNI specification 1.0.0, section 1; plugin documentation of bridge and host-local.
public record CniConfig(String bridge, Cidr podCidr, int mtu, Path addresses) {
    /// Where Debian keeps the plugins.
    public static final Path PLUGINS = Path.of("/usr/lib/cni");

    /// The network's name; the runtime files what it knows of a pod's network under it.
    public static final String NETWORK = "kapal";

    public static final String FILE = "10-kapal.conflist";

    /// Where `host-local` keeps the node's addresses, below the node's CNI directory.
    public static Path addresses(Path cniDirectory) {
        return cniDirectory.resolve("networks");
    }

    public String json() {
        return """
                {
                  "cniVersion": "1.0.0",
                  "name": "%s",
                  "plugins": [
                    {
                      "type": "bridge",
                      "bridge": "%s",
                      "isGateway": true,
                      "ipMasq": false,
                      "hairpinMode": true,
                      "promiscMode": false,
                      "mtu": %d,
                      "ipam": {
                        "type": "host-local",
                        "ranges": [[{"subnet": "%s"}]],
                        "routes": [{"dst": "0.0.0.0/0"}],
                        "dataDir": "%s"
                      }
                    }
                  ]
                }
                """.formatted(NETWORK, bridge, mtu, podCidr, addresses);
    }

    /// Writes the list into `directory`, whole or not at all; a runtime that watches the directory never sees
    /// half of it. Writing what is there already changes nothing.
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        var file = directory.resolve(FILE);
        var content = json().getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        // The runtime only reads .conf, .conflist and .json.
        var fresh = Files.write(directory.resolve(FILE + ".new"), content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
