package dev.kapal.apiserver.registry;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Who may look at devices that others use.
class DeviceAdminTest {
    private static final Api api = Api.withDefaultNamespace();

    @AfterAll
    static void close() {
        api.close();
    }

    @Test
    void isToldByTheLabelOfTheNamespace() {
        var claims = "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims";
        var claim = "{metadata: {name: a}, spec: {devices: {requests:"
                + " [{name: gpu, exactly: {deviceClassName: gpu, adminAccess: true}}]}}}";
        api.post(claims, claim).is(422);

        api.patch(
                        "/api/v1/namespaces/default",
                        "merge-patch",
                        "{\"metadata\":{\"labels\":{\"resource.kubernetes.io/admin-access\":\"true\"}}}")
                .is(200);
        api.post(claims, claim).is(201);
    }
}
