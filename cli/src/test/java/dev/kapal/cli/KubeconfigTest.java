package dev.kapal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
    private static final String OURS = """
            apiVersion: v1
            kind: Config
            clusters: [{name: kapal, cluster: {server: "https://127.0.0.1:6443"}}]
            users: [{name: kapal, user: {client-certificate-data: YQ==}}]
            contexts: [{name: kapal, context: {cluster: kapal, user: kapal}}]
            current-context: kapal
            """;

    @TempDir
    Path directory;

    @Test
    void keepsOtherEntriesWhenItPutsOursInAndTakesThemOut() throws Exception {
        Path source = Files.writeString(directory.resolve("ours"), OURS);
        Path target = Files.writeString(directory.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: work, cluster: {server: "https://work:6443", extra: kept}}]
                contexts: [{name: work, context: {cluster: work, user: me}}, {name: kapal, context: {cluster: old, user: old}}]
                users: []
                current-context: work
                preferences: {colors: true}
                """);
        Kubeconfig.merge(source, target);
        assertThat(Files.readString(target))
                .contains(
                        "https://work:6443",
                        "extra: kept",
                        "https://127.0.0.1:6443",
                        "current-context: kapal",
                        "colors: true")
                .doesNotContain("old");
        Kubeconfig.remove(target);
        assertThat(Files.readString(target))
                .contains("https://work:6443", "extra: kept")
                .doesNotContain("127.0.0.1");
    }

    @Test
    void makesAFileThatOnlyItsOwnerMayRead() throws Exception {
        Path source = Files.writeString(directory.resolve("ours"), OURS);
        Path target = directory.resolve("new/.kube/config");
        Kubeconfig.merge(source, target);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAFileThatIsNoKubeconfig() throws Exception {
        Path source = Files.writeString(directory.resolve("ours"), OURS);
        Path target = Files.writeString(directory.resolve("config"), "- a\n- b\n");
        assertThatThrownBy(() -> Kubeconfig.merge(source, target)).isInstanceOf(Refusal.class);
        assertThat(Files.readString(target)).isEqualTo("- a\n- b\n");
    }
}
