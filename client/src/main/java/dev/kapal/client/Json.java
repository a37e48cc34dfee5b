package dev.kapal.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/// The one JSON mapper of the process: Jackson's compiled (de)serializers of the models are large, so every client
/// shares them. Immutable once made; any thread.
public final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();
    /// Configures [#MAPPER] for the models.
    static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization(MAPPER, true);

    private Json() {}

    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
