package dev.kapal.apiserver.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestInfoTest {

    /// `expected` is `verb group/version resource/subresource namespace name`, a dash for what is empty.
    record Case(String method, String path, String expected) {}

    static Stream<Case> resourceRequests() {
        return Stream.of(
                new Case("GET", "/api/v1/namespaces", "list -/v1 namespaces/- - -"),
                new Case("GET", "/api/v1/namespaces/other", "get -/v1 namespaces/- other other"),
                new Case("PUT", "/api/v1/namespaces/other/finalize", "update -/v1 namespaces/finalize other other"),
                new Case("GET", "/api/v1/namespaces/other/pods", "list -/v1 pods/- other -"),
                new Case("GET", "/api/v1/namespaces/other/pods/foo", "get -/v1 pods/- other foo"),
                new Case("HEAD", "/api/v1/namespaces/other/pods/foo", "get -/v1 pods/- other foo"),
                new Case("GET", "/api/v1/pods", "list -/v1 pods/- - -"),
                new Case("POST", "/api/v1/namespaces/other/pods", "create -/v1 pods/- other -"),
                new Case("DELETE", "/api/v1/namespaces/other/pods", "deletecollection -/v1 pods/- other -"),
                new Case("DELETE", "/api/v1/namespaces/other/pods/foo", "delete -/v1 pods/- other foo"),
                new Case("GET", "/api/v1/watch/namespaces/other/pods/foo", "watch -/v1 pods/- other foo"),
                new Case("GET", "/apis/apps/v1/namespaces/a/deployments/b/scale", "get apps/v1 deployments/scale a b"),
                new Case("GET", "/api/v1/nodes/n1/proxy/metrics", "get -/v1 nodes/proxy - n1"));
    }

    @ParameterizedTest
    @MethodSource("resourceRequests")
    void readsPaths(Case c) {
        var info = RequestInfo.of(c.method, c.path, name -> List.of());

        assertThat(info.isResource()).isTrue();
        assertThat(brief(info)).isEqualTo(c.expected);
    }

    @Test
    void treatsTheQueryOfACollection() {
        assertThat(brief(list("watch", "true"))).isEqualTo("watch -/v1 pods/- - -");
        assertThat(brief(list("watch", "0"))).isEqualTo("list -/v1 pods/- - -");
        assertThat(brief(list("watch", ""))).isEqualTo("watch -/v1 pods/- - -");
    }

    @Test
    void leavesOtherPathsAlone() {
        for (var path : List.of("/", "/api", "/api/v1", "/apis/apps/v1", "/healthz", "/version", "/openapi/v2")) {
            assertThat(RequestInfo.of("GET", path, name -> List.of()).isResource())
                    .as(path)
                    .isFalse();
        }
    }

    @Test
    void refusesASpecialVerbWithoutAResource() {
        assertThatThrownBy(() -> RequestInfo.of("GET", "/api/v1/watch", name -> List.of()))
                .isInstanceOf(ApiException.class);
    }

    private static RequestInfo list(String parameter, String value) {
        return RequestInfo.of("GET", "/api/v1/pods", name -> name.equals(parameter) ? List.of(value) : List.of());
    }

    private static String brief(RequestInfo info) {
        return info.verb() + " " + dash(info.group()) + "/" + info.version() + " " + info.resource() + "/"
                + dash(info.subresource()) + " " + dash(info.namespace()) + " " + dash(info.name());
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
