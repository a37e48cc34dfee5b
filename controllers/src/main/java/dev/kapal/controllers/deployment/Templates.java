package dev.kapal.controllers.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Compares pod templates and names them by their hash.
final class Templates {
    static final String HASH_LABEL = "pod-template-hash";

    /// No vowels and nothing that looks like one: a hash never spells a word. Source: the names upstream generates.
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final ObjectMapper SORTED = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Templates() {}

    /// Whether the set was made from the Deployment's present template.
    static boolean isOf(ReplicaSet set, Deployment deployment) {
        var made = set.getSpec().getTemplate();
        var wanted = deployment.getSpec().getTemplate();
        return Objects.equals(made.getSpec(), wanted.getSpec())
                && labels(made).equals(labels(wanted))
                && annotations(made).equals(annotations(wanted));
    }

    /// The label value and name suffix of the ReplicaSet for this template. `collisions` moves it to another
    /// value when a foreign set has taken the name.
    static String hash(PodTemplateSpec template, int collisions) {
        String text;
        try {
            text = SORTED.writeValueAsString(template);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
        long hash = fnv1a32(collisions == 0 ? text : text + collisions);
        return Long.toString(hash)
                .chars()
                .mapToObj(digit -> String.valueOf(ALPHABET.charAt(digit % ALPHABET.length())))
                .collect(Collectors.joining());
    }

    static PodTemplateSpec withLabel(PodTemplateSpec template, String hash) {
        return new PodTemplateSpecBuilder(template)
                .editOrNewMetadata()
                .addToLabels(HASH_LABEL, hash)
                .endMetadata()
                .build();
    }

    static PodTemplateSpec withoutHash(PodTemplateSpec template) {
        return new PodTemplateSpecBuilder(template)
                .editOrNewMetadata()
                .removeFromLabels(HASH_LABEL)
                .endMetadata()
                .build();
    }

    private static Map<String, String> labels(PodTemplateSpec template) {
        var labels =
                template.getMetadata() == null ? null : template.getMetadata().getLabels();
        var bare = new HashMap<>(Objects.requireNonNullElse(labels, Map.<String, String>of()));
        bare.remove(HASH_LABEL);
        return bare;
    }

    private static Map<String, String> annotations(PodTemplateSpec template) {
        var annotations =
                template.getMetadata() == null ? null : template.getMetadata().getAnnotations();
        return Objects.requireNonNullElse(annotations, Map.of());
    }

    private static long fnv1a32(String text) {
        int hash = 0x811c9dc5;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return Integer.toUnsignedLong(hash);
    }
}
