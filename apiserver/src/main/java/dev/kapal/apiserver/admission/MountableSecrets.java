package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Whether a pod uses only secrets that its service account lists, which an annotation of the account asks for.
final class MountableSecrets {
    private MountableSecrets() {}

    /// @param onlyEphemeral whether only containers were added to a pod that was admitted before
    static Optional<String> objection(JsonNode account, JsonNode spec, boolean onlyEphemeral) {
        var name = account.path("metadata").path("name").asText();
        var mountable = names(account.path("secrets"));
        var ending = " is not allowed because service account " + name + " does not reference that secret";
        if (onlyEphemeral) {
            return containers(spec, "ephemeralContainers", "ephemeral container ", mountable, ending);
        }
        for (var volume : spec.path("volumes")) {
            var secret = volume.path("secret").path("secretName").asText("");
            if (!secret.isEmpty() && !mountable.contains(secret)) {
                return Optional.of("volume with secret.secretName=\"" + secret + '"' + ending);
            }
        }
        return containers(spec, "initContainers", "init container ", mountable, ending)
                .or(() -> containers(spec, "containers", "container ", mountable, ending))
                .or(() -> pullSecrets(account, spec, name));
    }

    private static Optional<String> containers(
            JsonNode spec, String list, String what, Set<String> mountable, String ending) {
        for (var container : spec.path(list)) {
            var subject = what + container.path("name").asText();
            for (var variable : container.path("env")) {
                var secret = variable.path("valueFrom")
                        .path("secretKeyRef")
                        .path("name")
                        .asText("");
                if (!secret.isEmpty() && !mountable.contains(secret)) {
                    return Optional.of(subject + " with envVar "
                            + variable.path("name").asText() + " referencing secret.secretName=\"" + secret + '"'
                            + ending);
                }
            }
            for (var from : container.path("envFrom")) {
                var secret = from.path("secretRef").path("name").asText("");
                if (!secret.isEmpty() && !mountable.contains(secret)) {
                    return Optional.of(
                            subject + " with envFrom referencing secret.secretName=\"" + secret + '"' + ending);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> pullSecrets(JsonNode account, JsonNode spec, String name) {
        var known = names(account.path("imagePullSecrets"));
        int index = 0;
        for (var secret : spec.path("imagePullSecrets")) {
            if (!known.contains(secret.path("name").asText())) {
                return Optional.of("imagePullSecrets[" + index + "].name=\""
                        + secret.path("name").asText() + "\" is not allowed because service account " + name
                        + " does not reference that imagePullSecret");
            }
            index++;
        }
        return Optional.empty();
    }

    private static Set<String> names(JsonNode references) {
        var names = new HashSet<String>();
        references.forEach(reference -> names.add(reference.path("name").asText()));
        return names;
    }
}
