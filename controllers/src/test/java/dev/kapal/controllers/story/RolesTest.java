package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Cluster roles that gather the rules of others.
@Timeout(300)
class RolesTest {
    @Test
    void theUsersRolesAreGatheredAndGrowWithWhatIsLabelled(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.await(
                    ClusterRole.class,
                    "an administrator's role with all parts",
                    all -> resources(all.find(Key.cluster("admin")).orElseThrow())
                            .containsAll(List.of("rolebindings", "deployments", "pods/log")));
            var edit = resources(
                    town.api().fetch(ClusterRole.class, Key.cluster("edit")).orElseThrow());
            assertThat(edit).contains("secrets", "pods/log").doesNotContain("rolebindings");
            town.api()
                    .create(new ClusterRoleBuilder()
                            .withNewMetadata()
                            .withName("view-ships")
                            .addToLabels("rbac.authorization.k8s.io/aggregate-to-view", "true")
                            .endMetadata()
                            .withRules(new PolicyRuleBuilder()
                                    .withApiGroups("sea.example")
                                    .withResources("ships")
                                    .withVerbs("get")
                                    .build())
                            .build());
            for (var name : List.of("view", "edit", "admin")) {
                town.await(
                        ClusterRole.class,
                        name + " with ships",
                        all -> resources(all.find(Key.cluster(name)).orElseThrow())
                                .contains("ships"));
            }
        }
    }

    private static List<String> resources(ClusterRole role) {
        return role.getRules().stream()
                .flatMap(rule -> rule.getResources().stream())
                .toList();
    }
}
