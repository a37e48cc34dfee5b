package dev.kapal.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;

/// Where the objects of a typed kind live on the API server. Immutable; any thread.
public record Kind<T extends HasMetadata>(Class<T> type, String apiVersion, String plural, boolean namespaced) {
    public static <T extends HasMetadata> Kind<T> of(Class<T> type) {
        return new Kind<>(
                type,
                HasMetadata.getApiVersion(type),
                HasMetadata.getPlural(type),
                Namespaced.class.isAssignableFrom(type));
    }

    @SuppressWarnings("unchecked") // getClass() of a T is a class of T: the models are not subclassed
    static <T extends HasMetadata> Kind<T> of(T object) {
        return of((Class<T>) object.getClass());
    }

    /// The path of all objects in all namespaces.
    public String everywhere() {
        return root() + "/" + plural;
    }

    /// The path of the objects beside the one that `key` names.
    public String collection(String namespace) {
        return namespaced && !namespace.isEmpty() ? root() + "/namespaces/" + namespace + "/" + plural : everywhere();
    }

    public String object(Key key) {
        return collection(key.namespace()) + "/" + key.name();
    }

    private String root() {
        return apiVersion.indexOf('/') < 0 ? "/api/" + apiVersion : "/apis/" + apiVersion;
    }
}
