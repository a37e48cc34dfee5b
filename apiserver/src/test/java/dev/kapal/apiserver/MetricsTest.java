package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `/metrics` shows of a server that has had something to do. `metrics.txt` has what upstream shows.
@Timeout(60)
class MetricsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic";
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static TestServer server;
    private static String exposition;

    /// One family.
    ///
    /// @param buckets their upper bounds, without infinity
    private record Family(String name, String type, Set<String> labels, List<BigDecimal> buckets) {
        static Family read(String line) {
            var parts = line.split("\\|", -1);
            return new Family(
                    parts[0].strip(),
                    parts[1].strip(),
                    new TreeSet<>(words(parts, 2)),
                    words(parts, 3).stream().map(BigDecimal::new).toList());
        }

        private static List<String> words(String[] parts, int index) {
            var text = parts.length > index ? parts[index].strip() : "";
            return text.isEmpty() ? List.of() : List.of(text.split(" "));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Family> families() {
        try (var file = MetricsTest.class.getResourceAsStream("/metrics.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Family::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @BeforeAll
    static void work() throws Exception {
        server = TestServer.start();
        server.create(POLICIES + "ies", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: p}
                spec:
                  matchConstraints: {resourceRules: [{operations: [CREATE], apiGroups: [""], apiVersions: [v1], resources: [configmaps]}]}
                  validations: [{expression: "object.metadata.name != 'b'"}]
                """);
        server.create(POLICIES + "ybindings", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: p}
                spec: {policyName: p, validationActions: [Deny]}
                """);
        try (var client = server.client(Optional.of(server.pki().admin()));
                var stranger = server.client(Optional.empty())) {
            server.get(client, MAPS);
            server.get(client, "/api/v1/endpoints");
            server.get(stranger, "/version");
            server.get(stranger, MAPS);
            server.get(stranger, MAPS, "Authorization", "Bearer nonsense");
            server.create(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
            server.get(client, MAPS + "?watch=1&timeoutSeconds=1");
            do { // a request is counted after its client has the answer
                exposition = server.get(client, "/metrics").body();
            } while (!exposition.contains("verb=\"WATCH\""));
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private static List<String> lines(String beginning) {
        return exposition.lines().filter(line -> line.startsWith(beginning)).toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void areUpstreams(Family wanted) {
        assertThat(lines("# TYPE " + wanted.name + " ")).containsExactly("# TYPE " + wanted.name + " " + wanted.type);
        var names = wanted.type.equals("histogram") ? wanted.name + "_bucket" : wanted.name;
        var shown = new ArrayList<>(lines(names + "{"));
        shown.addAll(lines(names + " "));
        for (var line : shown) {
            var labels = new TreeSet<String>();
            LABEL.matcher(line).results().forEach(label -> labels.add(label.group(1)));
            labels.remove("le");
            assertThat(labels).as(line).isEqualTo(wanted.labels);
        }
        if (!shown.isEmpty()) {
            assertThat(buckets(shown))
                    .usingElementComparator(BigDecimal::compareTo)
                    .isEqualTo(wanted.buckets);
        }
    }

    /// Of the first series.
    private static List<BigDecimal> buckets(List<String> lines) {
        var bounds = new ArrayList<BigDecimal>();
        for (var line : lines) {
            var bound = LABEL.matcher(line)
                    .results()
                    .filter(label -> label.group(1).equals("le"))
                    .map(label -> label.group(2))
                    .findFirst();
            if (bound.isEmpty() || bound.get().equals("+Inf")) {
                return bounds;
            }
            bounds.add(new BigDecimal(bound.get()));
        }
        return bounds;
    }

    @Test
    void showWhoComesAndWhatTheyMay() {
        assertThat(exposition)
                .contains("authentication_attempts{result=\"success\"}")
                .contains("authentication_attempts{result=\"error\"} 1")
                .contains("authenticated_user_requests{username=\"other\"}")
                .contains("authorization_attempts_total{result=\"allowed\"}")
                .contains("authorization_attempts_total{result=\"no-opinion\"}")
                .contains("apiserver_authorization_decisions_total{type=\"RBAC\",name=\"rbac\",decision=\"allowed\"}")
                .contains("apiserver_client_certificate_expiration_seconds_count");
    }

    @Test
    void showWhichDeprecatedVersionsAreStillUsed() {
        assertThat(exposition)
                .contains("apiserver_requested_deprecated_apis{group=\"\",version=\"v1\",resource=\"endpoints\","
                        + "subresource=\"\",removed_release=\"\"} 1");
    }

    @Test
    void showHowManyObjectsThereAre() {
        assertThat(exposition)
                .contains("apiserver_storage_objects{resource=\"namespaces\"} 4")
                .contains("apiserver_resource_objects{group=\"\",resource=\"namespaces\"} 4")
                .contains("apiserver_resource_objects{group=\"apps\",resource=\"deployments\"} 0");
    }

    @Test
    void showWhatExpressionsCost() {
        assertThat(exposition)
                .contains("apiserver_validating_admission_policy_check_total{enforcement_action=\"allow\","
                        + "error_type=\"no_error\",policy=\"p\",policy_binding=\"p\"}")
                .containsPattern("apiserver_cel_compilation_duration_seconds_count [1-9]")
                .containsPattern("apiserver_cel_evaluation_duration_seconds_count [1-9]");
    }
}
