package dev.kapal.agent.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.agent.cri.v1.AuthConfig;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What Secrets of a pod say about registries: who one is there. Immutable.
///
/// Source: Kubernetes documentation, "Images", section "Interpretation of config.json"; Secret types
/// kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg.
final class RegistryCredentials {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HUB = "docker.io";
    private static final List<String> HUB_NAMES = List.of("index.docker.io", "registry-1.docker.io", HUB);

    private final List<Entry> entries;

    /// @param host with its port, if one was given; `*` stands for a part of a name
    /// @param path what the image's path begins with; may be empty
    private record Entry(String host, String path, AuthConfig auth) {
        boolean fits(Location image) {
            return fits(image.host()) && image.path().startsWith(path);
        }

        private boolean fits(String other) {
            var ours = host.split("\\.", -1);
            var theirs = other.split("\\.", -1);
            if (ours.length != theirs.length) {
                return false;
            }
            for (int i = 0; i < ours.length; i++) {
                var pattern = Pattern.quote(ours[i]).replace("*", "\\E[^.]*\\Q");
                if (!Pattern.matches(pattern, theirs[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Where an image lies: `registry.example.com:5000`, `team/web`.
    private record Location(String host, String path) {}

    private RegistryCredentials(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// Those of several Secrets; one that cannot be read says nothing.
    static RegistryCredentials of(Collection<Secret> secrets) {
        var entries = new ArrayList<Entry>();
        for (var secret : secrets) {
            document(secret)
                    .properties()
                    .forEach(entry -> entry(entry.getKey(), entry.getValue()).ifPresent(entries::add));
        }
        // The more a key says the earlier it is tried.
        entries.sort(Comparator.comparing((Entry entry) -> entry.host() + "/" + entry.path())
                .reversed());
        return new RegistryCredentials(entries);
    }

    /// What to try for an image, in this order; empty when nothing fits.
    List<AuthConfig> of(String image) {
        var location = location(image);
        var found = new LinkedHashSet<AuthConfig>();
        entries.stream().filter(entry -> entry.fits(location)).map(Entry::auth).forEach(found::add);
        return List.copyOf(found);
    }

    private static JsonNode document(Secret secret) {
        var data = secret.getData();
        if (data == null) {
            return JSON.createObjectNode();
        }
        try {
            if (data.containsKey(".dockerconfigjson")) {
                return JSON.readTree(Base64.getDecoder().decode(data.get(".dockerconfigjson")))
                        .path("auths");
            }
            if (data.containsKey(".dockercfg")) {
                return JSON.readTree(Base64.getDecoder().decode(data.get(".dockercfg")));
            }
        } catch (IOException | IllegalArgumentException broken) {
            return JSON.createObjectNode();
        }
        return JSON.createObjectNode();
    }

    private static Optional<Entry> entry(String key, JsonNode value) {
        var auth = auth(value);
        if (auth.isEmpty()) {
            return Optional.empty();
        }
        String place = key.replaceFirst("^https?://", "");
        int slash = place.indexOf('/');
        String host = slash < 0 ? place : place.substring(0, slash);
        String path = slash < 0 ? "" : place.substring(slash + 1);
        if (path.equals("v1") || path.equals("v2") || path.startsWith("v1/") || path.startsWith("v2/")) {
            path = path.substring(Math.min(3, path.length())); // the registry's interface, not a part of the name
        }
        return Optional.of(new Entry(HUB_NAMES.contains(host) ? HUB : host, path, auth.get()));
    }

    private static Optional<AuthConfig> auth(JsonNode value) {
        String user = value.path("username").asText("");
        String password = value.path("password").asText("");
        String both = value.path("auth").asText("");
        if (!both.isEmpty()) {
            try {
                String decoded = new String(Base64.getDecoder().decode(both.strip()), StandardCharsets.UTF_8);
                int colon = decoded.indexOf(':');
                if (colon < 0) {
                    return Optional.empty();
                }
                user = decoded.substring(0, colon);
                password = decoded.substring(colon + 1);
            } catch (IllegalArgumentException broken) {
                return Optional.empty();
            }
        }
        return user.isEmpty() && password.isEmpty()
                ? Optional.empty()
                : Optional.of(AuthConfig.newBuilder()
                        .setUsername(user)
                        .setPassword(password)
                        .build());
    }

    /// An image's name without a registry is one of Docker's.
    private static Location location(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        String rest = host ? image.substring(slash + 1) : image;
        int end = rest.indexOf('@') >= 0 ? rest.indexOf('@') : rest.lastIndexOf(':');
        String path = end < 0 ? rest : rest.substring(0, end);
        if (!host) {
            return new Location(HUB, path.contains("/") ? path : "library/" + path);
        }
        return new Location(HUB_NAMES.contains(first) ? HUB : first, path);
    }
}
