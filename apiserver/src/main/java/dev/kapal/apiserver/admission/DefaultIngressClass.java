package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.Set;

/// Gives an Ingress that names no class the default one.
final class DefaultIngressClass implements AdmissionPlugin.Mutating {
    private static final GroupVersionResource CLASSES =
            new GroupVersionResource("networking.k8s.io", "v1", "ingressclasses");
    private static final Set<String> MARKS = Set.of("ingressclass.kubernetes.io/is-default-class");
    private static final String OLD_ANNOTATION = "kubernetes.io/ingress.class";

    private final ObjectReader objects;

    DefaultIngressClass(ObjectReader objects) {
        this.objects = objects;
    }

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        boolean isIngress = request.isOf("networking.k8s.io", "ingresses") || request.isOf("extensions", "ingresses");
        if (!request.isCreate() || !isIngress || !request.subresource().isEmpty()) {
            return;
        }
        var ingress = request.object().orElseThrow();
        if (ingress.path("spec").has("ingressClassName")
                || ingress.path("metadata").path("annotations").has(OLD_ANNOTATION)) {
            return;
        }
        var name = DefaultClasses.newest(objects, CLASSES, MARKS);
        if (name.isPresent()) {
            ObjectNode spec = ingress.withObjectProperty("spec");
            spec.put("ingressClassName", name.get());
        }
    }
}
