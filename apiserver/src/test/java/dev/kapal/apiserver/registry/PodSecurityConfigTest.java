package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.admission.AdmissionChoice;
import dev.kapal.apiserver.admission.AdmissionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A Pod Security Standard for the whole cluster, and who is exempt from it.
class PodSecurityConfigTest {
    private static final String PLUGIN = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AdmissionConfiguration
            plugins:
            - name: PodSecurity
              configuration:
                apiVersion: pod-security.admission.config.k8s.io/v1
                kind: PodSecurityConfiguration
            """;

    @TempDir
    private Path directory;

    private AdmissionChoice choice(String more) throws IOException {
        var file = directory.resolve("admission.yaml");
        Files.writeString(file, PLUGIN + more.indent(4));
        return new AdmissionChoice(Set.of(), Set.of(), AdmissionFile.read(file), AdmissionChoice.Patience.DEFAULT);
    }

    private static Api.Answer privileged(Api api, String namespace, String name, String more) {
        return api.post(
                "/api/v1/namespaces/" + namespace + "/pods",
                "{metadata: {name: " + name + "}, spec: {" + more
                        + "containers: [{name: c, image: i, securityContext: {privileged: true}}]}}");
    }

    @Test
    void holdsWhereNoLabelSaysOtherwise() throws Exception {
        try (var api = Api.with(choice("defaults: {enforce: baseline, warn: restricted}"))) {
            assertThat(privileged(api, "default", "p", "").is(403).at("message"))
                    .isEqualTo(
                            "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": privileged (container"
                                    + " \"c\" must not set securityContext.privileged=true)");
            var plain = api.post(
                    "/api/v1/namespaces/default/pods",
                    "{metadata: {name: plain}, spec: {containers: [{name: c, image: i}]}}");
            assertThat(plain.is(201).headers().all("Warning").toString())
                    .contains("would violate PodSecurity \\\"restricted:latest\\\"");
            api.patch(
                            "/api/v1/namespaces/default",
                            "merge-patch",
                            "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"privileged\"}}}")
                    .is(200);
            privileged(api, "default", "p", "").is(201);
        }
    }

    @Test
    void exemptsNamespacesUsersAndRuntimeClasses() throws Exception {
        var config = "defaults: {enforce: baseline}\nexemptions: {namespaces: [free], runtimeClasses: [vm]}";
        try (var api = Api.with(choice(config))) {
            var free = api.post(
                    "/api/v1/namespaces",
                    "{metadata: {name: free, labels: {pod-security.kubernetes.io/enforce: restricted}}}");
            assertThat(free.is(201).headers().all("Warning").toString())
                    .contains("namespace \\\"free\\\" is exempt from Pod Security, and the policy"
                            + " (enforce=restricted:latest) will be ignored");
            api.post("/api/v1/namespaces/free/serviceaccounts", "{metadata: {name: default}}")
                    .is(201);
            privileged(api, "free", "p", "").is(201);
            api.post("/apis/node.k8s.io/v1/runtimeclasses", "{metadata: {name: vm}, handler: vm}")
                    .is(201);
            privileged(api, "default", "p", "runtimeClassName: vm, ").is(201);
            privileged(api, "default", "q", "").is(403);
        }
        try (var api = Api.with(choice("defaults: {enforce: baseline}\nexemptions: {usernames: [admin]}"))) {
            privileged(api, "default", "p", "").is(201);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'defaults: {enforce: none}', 'defaults.enforce'",
        "'defaults: {warn-version: v2}', 'defaults.warn-version'",
        "'default: {}', 'unknown field \"default\"'",
        "'exemptions: {namespaces: [a, a]}', 'exemptions.namespaces[1]: Duplicate value: \"a\"'"
    })
    void refusesWhatMakesNoSense(String config, String why) {
        assertThatThrownBy(() -> choice(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void refusesAPluginThatWouldNotReadItsConfiguration() throws Exception {
        var file = Files.writeString(directory.resolve("a.yaml"), PLUGIN.replace("PodSecurity\n", "EventRateLimit\n"));
        assertThatThrownBy(() -> AdmissionFile.read(file))
                .hasMessage(file + ": plugin \"EventRateLimit\" has no configuration here");
    }
}
