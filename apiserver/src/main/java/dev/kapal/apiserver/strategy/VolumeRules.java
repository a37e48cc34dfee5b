package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/// A pod's volumes: a name of its own and exactly one source each.
final class VolumeRules {
    private VolumeRules() {}

    /// Answers with the volumes that mounts may use, by name.
    ///
    /// @param pod the name of the pod, empty in a template and while it is not known
    static Map<String, JsonNode> check(String path, JsonNode volumes, String pod, Problems problems) {
        var usable = new HashMap<String, JsonNode>();
        for (int i = 0; i < volumes.size(); i++) {
            var at = Problems.at(path, i);
            var volume = volumes.get(i);
            var own = new Problems();
            checkVolume(at, volume, pod, usable, own);
            if (own.isEmpty()) {
                usable.put(volume.path("name").asText(), volume);
            }
            problems.addAll(own);
            checkClaimIsElsewhere(at, volume, volumes, pod, problems);
        }
        return usable;
    }

    private static void checkVolume(
            String path, JsonNode volume, String pod, Map<String, JsonNode> others, Problems problems) {
        var name = volume.path("name").asText("");
        PodVolumeSources.check(path, (ObjectNode) volume, pod, problems);
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
        } else {
            problems.invalid(path + ".name", name, Names.dns1123Label(name));
        }
        if (others.containsKey(name)) {
            problems.duplicate(path + ".name", name);
        }
    }

    /// A pod does not mount, as somebody's claim, the one that is made for it.
    private static void checkClaimIsElsewhere(
            String path, JsonNode volume, JsonNode volumes, String pod, Problems problems) {
        if (pod.isEmpty() || !volume.has("persistentVolumeClaim")) {
            return;
        }
        var made = new HashSet<String>();
        for (var other : volumes) {
            if (other.has("ephemeral")) {
                made.add(pod + "-" + other.path("name").asText(""));
            }
        }
        var claim = volume.get("persistentVolumeClaim").path("claimName").asText("");
        if (made.contains(claim)) {
            problems.invalid(
                    path + ".persistentVolumeClaim.claimName",
                    claim,
                    "must not reference a PVC that gets created for an ephemeral volume");
        }
    }
}
