package dev.kapal.apiserver.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static MoreVersion more(String apiVersion, int group, int version) {
        return new MoreVersion(GroupVersion.parse(apiVersion), new Priority(group, version), true, Documents.object());
    }

    private static List<String> versions(Groups.Group group) {
        return group.versions().stream()
                .map(version -> version.groupVersion().version())
                .toList();
    }

    private static List<String> names(MoreVersion... more) {
        return Groups.all(ResourceRegistry.builtIn(), List.of(more)).stream()
                .map(Groups.Group::name)
                .toList();
    }

    @Test
    void listsKubernetesOwnGroupsInItsOrder() {
        assertThat(names())
                .startsWith("apiregistration.k8s.io", "", "apps", "events.k8s.io", "authentication.k8s.io")
                .containsSubsequence("admissionregistration.k8s.io", "apiextensions.k8s.io", "scheduling.k8s.io")
                .endsWith("flowcontrol.apiserver.k8s.io", "extensions");
    }

    @Test
    void aServerBehindThisOneSaysItselfHowFarAheadItStands() {
        assertThat(names(more("b.io/v1", 1500, 1), more("a.io/v1", 1500, 1), more("first.io/v1", 17810, 1)))
                .containsSubsequence("first.io", "apps", "a.io", "b.io", "extensions");
    }

    @Test
    void theHighestPriorityOfItsVersionsCountsForAGroup() {
        assertThat(names(more("low.io/v1", 200, 1), more("low.io/v2", 19000, 1)))
                .containsSubsequence("apiregistration.k8s.io", "low.io", "");
    }

    @Test
    void versionsOfEqualPriorityComeStableAndNewFirst() {
        var group = Groups.named(
                        "x.io",
                        ResourceRegistry.builtIn(),
                        List.of(
                                more("x.io/v1alpha1", 1, 5),
                                more("x.io/odd", 1, 5),
                                more("x.io/v2", 1, 5),
                                more("x.io/v10", 1, 5),
                                more("x.io/v1beta2", 1, 5),
                                more("x.io/v0", 1, 9)))
                .orElseThrow();
        assertThat(versions(group)).containsExactly("v0", "v10", "v2", "v1beta2", "v1alpha1", "odd");
    }

    @Test
    void aVersionWithANumberBeyondAllNumbersIsOneOfAnotherForm() {
        var group = Groups.named(
                        "x.io",
                        ResourceRegistry.builtIn(),
                        List.of(
                                more("x.io/v99999999999999999999", 1, 5),
                                more("x.io/v1beta99999999999999999999", 1, 5),
                                more("x.io/v1alpha1", 1, 5)))
                .orElseThrow();
        assertThat(versions(group)).containsExactly("v1alpha1", "v1beta99999999999999999999", "v99999999999999999999");
    }

    @Test
    void prefersTheNewerAutoscaler() {
        var group = Groups.named("autoscaling", ResourceRegistry.builtIn(), List.of())
                .orElseThrow();
        assertThat(versions(group)).containsExactly("v2", "v1", "v2beta1", "v2beta2");
    }
}
