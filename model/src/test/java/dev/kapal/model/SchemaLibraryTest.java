package dev.kapal.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchemaLibraryTest {
    private final SchemaLibrary library = SchemaLibrary.builtIn();

    @Test
    void givesTypesTheirUpstreamNames() {
        assertThat(library.names())
                .contains(
                        "io.k8s.api.core.v1.Pod",
                        "io.k8s.api.core.v1.PodTemplateSpec",
                        "io.k8s.api.core.v1.Event",
                        "io.k8s.api.events.v1.Event",
                        "io.k8s.api.core.v1.EndpointPort",
                        "io.k8s.api.discovery.v1.EndpointPort",
                        "io.k8s.api.apps.v1.Deployment",
                        "io.k8s.api.autoscaling.v1.Scale",
                        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
                        "io.k8s.api.policy.v1.Eviction",
                        "io.k8s.api.authentication.v1.TokenRequest",
                        "io.k8s.api.storage.v1.TokenRequest",
                        "io.k8s.api.rbac.v1.Subject",
                        "io.k8s.api.flowcontrol.v1.Subject",
                        "io.k8s.api.networking.v1.Ingress",
                        "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
                        "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
                        "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
                        "io.k8s.apimachinery.pkg.version.Info");
    }

    @Test
    void compilesFieldsWithTypesAndDescriptions() {
        var pod = library.schema("io.k8s.api.core.v1.Pod");
        var spec = pod.property("spec").orElseThrow();
        var container = spec.property("containers").orElseThrow().items().orElseThrow();
        assertThat(container.name()).isEqualTo("io.k8s.api.core.v1.Container");
        assertThat(container.required()).containsExactly("name");
        assertThat(container.property("image").orElseThrow().type()).isEqualTo(Schema.Type.STRING);
        assertThat(container.property("image").orElseThrow().description()).startsWith("Container image name.");
        var requests = container
                .property("resources")
                .orElseThrow()
                .property("requests")
                .orElseThrow();
        assertThat(requests.type()).isEqualTo(Schema.Type.OBJECT);
        assertThat(requests.additionalProperties().orElseThrow().type()).isEqualTo(Schema.Type.QUANTITY);
        assertThat(pod.description()).startsWith("Pod is a collection of containers");
        assertThat(pod.kinds()).containsExactly(new GroupVersionKind("", "v1", "Pod"));
        var port = library.schema("io.k8s.api.core.v1.ServicePort");
        assertThat(port.property("targetPort").orElseThrow().type()).isEqualTo(Schema.Type.INT_OR_STRING);
        assertThat(port.property("port").orElseThrow().format()).isEqualTo("int32");
    }

    @Test
    void everyTypeCompilesAndEveryReferenceLeadsSomewhere() {
        for (var name : library.names()) {
            library.schema(name).properties().values().forEach(this::resolve);
            assertThat(library.descriptions(name))
                    .hasSize(1 + library.schema(name).properties().size());
        }
    }

    private void resolve(Schema schema) {
        assertThat(schema.type()).isNotNull();
        schema.items().ifPresent(this::resolve);
        schema.additionalProperties().ifPresent(this::resolve);
    }
}
