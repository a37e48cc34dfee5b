package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which fields of which kinds clients may select by. Source: upstream's field label conversions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldSelectorsTest {
    private Api api;

    @BeforeAll
    void start() {
        api = Api.withDefaultNamespace();
    }

    @AfterAll
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/pods | spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName"
                        + " spec.hostNetwork status.phase status.podIP status.podIPs status.nominatedNodeName spec.host",
                "/api/v1/nodes | spec.unschedulable",
                "/api/v1/namespaces | status.phase",
                "/api/v1/secrets | type",
                "/api/v1/services | spec.clusterIP spec.type",
                "/api/v1/replicationcontrollers | status.replicas",
                "/api/v1/events | involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid"
                        + " involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath reason"
                        + " reportingComponent source type",
                "/apis/events.k8s.io/v1/events | regarding.kind regarding.namespace regarding.name regarding.uid"
                        + " regarding.apiVersion regarding.resourceVersion regarding.fieldPath reason"
                        + " reportingController source type",
                "/apis/apps/v1/replicasets | status.replicas",
                "/apis/batch/v1/jobs | status.successful",
                "/apis/certificates.k8s.io/v1/certificatesigningrequests | spec.signerName",
                "/apis/resource.k8s.io/v1/resourceslices | spec.nodeName spec.driver",
            })
    void mayBeNamed(String list, String fields) {
        for (var field : fields.split(" ")) {
            api.get(list + "?fieldSelector=" + field + "%3Dx,metadata.name!%3Dx")
                    .is(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/api/v1/pods | field label not supported: spec.x",
                "/api/v1/nodes | field label not supported: spec.x",
                "/apis/events.k8s.io/v1/events | field label not supported: spec.x",
                "/apis/batch/v1/jobs | field label \"spec.x\" not supported for batchv1.Job",
                "/apis/certificates.k8s.io/v1/certificatesigningrequests | field label not supported: spec.x",
                "/apis/resource.k8s.io/v1/resourceslices | field label not supported for resource.k8s.io/v1,"
                        + " Kind=ResourceSlice: spec.x",
                "/api/v1/persistentvolumes | \"spec.x\" is not a known field selector: only \"metadata.name\","
                        + " \"metadata.namespace\"",
                "/apis/apps/v1/deployments | \"spec.x\" is not a known field selector: only \"metadata.name\","
                        + " \"metadata.namespace\"",
            })
    void mayNotBeNamed(String list, String message) {
        assertThat(api.get(list + "?fieldSelector=spec.x%3D1").is(400).at("message"))
                .isEqualTo(message);
    }
}
