package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FullDiskTest {
    private static final String NAMESPACES = "/api/v1/namespaces";

    @Test
    void refusesWritesClearlyAndGoesOnReading() {
        var disk = new FullStore();
        try (var api = new Api(disk)) {
            api.post(NAMESPACES, "{metadata: {name: kept}}").is(201);
            disk.full = true;

            for (var refusal : new Api.Answer[] {
                api.post(NAMESPACES, "{metadata: {name: refused}}"),
                api.patch(NAMESPACES + "/kept", "merge-patch", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                api.delete(NAMESPACES + "/kept")
            }) {
                assertThat(refusal.is(507).at("reason")).isEqualTo("InsufficientStorage");
                assertThat(refusal.at("message"))
                        .isEqualTo("the write was refused, nothing was changed: no space left on device");
            }
            assertThat(api.get(NAMESPACES + "/kept").is(200).at("status.phase")).isEqualTo("Active");

            disk.full = false;
            api.post(NAMESPACES, "{metadata: {name: refused}}").is(201);
        }
    }
}
