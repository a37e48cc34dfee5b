package dev.kapal.apiserver.admission.optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import java.util.HashSet;
import java.util.Set;

/// Makes every container pull its image, so that who may not pull it cannot use what others have pulled.
public final class AlwaysPullImages implements AdmissionPlugin.Mutating, AdmissionPlugin.Validating {
    private static final String[] LISTS = {"initContainers", "containers", "ephemeralContainers"};

    @Override
    public String name() {
        return "AlwaysPullImages";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (!isConcerned(request)) {
            return;
        }
        for (var list : LISTS) {
            for (var container : request.object().orElseThrow().path("spec").path(list)) {
                ((ObjectNode) container).put("imagePullPolicy", "Always");
            }
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!isConcerned(request)) {
            return;
        }
        for (var list : LISTS) {
            int index = 0;
            for (var container : request.object().orElseThrow().path("spec").path(list)) {
                var policy = container.path("imagePullPolicy").asText();
                if (!policy.equals("Always")) {
                    throw request.forbidden("spec." + list + "[" + index + "].imagePullPolicy: Unsupported value: \""
                            + policy + "\": supported values: \"Always\"");
                }
                index++;
            }
        }
    }

    private static boolean isConcerned(AdmissionRequest request) {
        if (!request.isCoreOrBelow("pods")
                || !request.subresource().isEmpty() && !request.subresource().equals("ephemeralcontainers")) {
            return false;
        }
        return request.isCreate()
                || request.isUpdate()
                        && !images(request.stored().orElseThrow())
                                .containsAll(images(request.object().orElseThrow()));
    }

    private static Set<String> images(JsonNode pod) {
        var images = new HashSet<String>();
        for (var list : LISTS) {
            pod.path("spec").path(list).forEach(c -> images.add(c.path("image").asText()));
        }
        return images;
    }
}
