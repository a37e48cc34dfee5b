package dev.kapal.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceRegistryTest {
    private final ResourceRegistry registry = ResourceRegistry.builtIn();

    @Test
    void knowsPods() {
        var pods = registry.find(new GroupVersionResource("", "v1", "pods")).orElseThrow();
        assertThat(pods.kind()).isEqualTo("Pod");
        assertThat(pods.listKind()).isEqualTo("PodList");
        assertThat(pods.singular()).isEqualTo("pod");
        assertThat(pods.shortNames()).containsExactly("po");
        assertThat(pods.categories()).containsExactly("all");
        assertThat(pods.namespaced()).isTrue();
        assertThat(pods.hasStatus()).isTrue();
        assertThat(pods.verbs()).hasSize(8);
        assertThat(pods.subresource("eviction").orElseThrow().kind())
                .isEqualTo(new GroupVersionKind("policy", "v1", "Eviction"));
        assertThat(pods.columns())
                .extracting(PrinterColumn::name)
                .startsWith("Name", "Ready", "Status", "Restarts", "Age");
        assertThat(pods.columns().getFirst().description()).startsWith("Name must be unique within a namespace.");
        assertThat(pods.groupResource()).hasToString("pods");
    }

    @Test
    void findsByKindWhatCanBeListed() {
        assertThat(registry.find(new GroupVersionKind("apps", "v1", "Deployment"))
                        .orElseThrow()
                        .groupResource())
                .hasToString("deployments.apps");
        assertThat(registry.find(new GroupVersionKind("", "v1", "Binding"))).isEmpty();
    }

    @Test
    void listsGroupVersionsWithTheCoreGroupFirst() {
        assertThat(registry.groupVersions())
                .extracting(GroupVersion::apiVersion)
                .startsWith("v1", "admissionregistration.k8s.io/v1", "admissionregistration.k8s.io/v1beta1")
                .contains("apps/v1", "batch/v1", "policy/v1", "storage.k8s.io/v1", "resource.k8s.io/v1");
    }

    @Test
    void changesAtRunTime() {
        long before = registry.version();
        var pods = registry.find(new GroupVersionResource("", "v1", "pods")).orElseThrow();
        registry.remove(pods.groupVersionResource());
        assertThat(registry.find(pods.groupVersionResource())).isEmpty();
        registry.add(pods);
        assertThat(registry.find(pods.groupVersionResource())).contains(pods);
        assertThat(registry.version()).isEqualTo(before + 2);
    }

    @Test
    void everyKindKnowsItsType() {
        for (var definition : registry.all()) {
            assertThat(definition.schema().kinds()).contains(definition.groupVersionKind());
            assertThat(definition.schema().properties()).containsKeys("apiVersion", "kind", "metadata");
        }
    }
}
