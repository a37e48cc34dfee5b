package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.store.MemoryStore;
import dev.kapal.testkit.FakeTime;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LegacyVersionsTest {
    private static final String TEMPLATE =
            "template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}";

    @Test
    void areNotServedWhenSwitchedOff() {
        try (var api = new Api(ResourceRegistry.builtIn(false), MemoryStore.open(), new FakeTime())) {
            api.get("/apis/extensions/v1beta1/namespaces/default/deployments").is(404);
            api.get("/apis/apps/v1beta1/namespaces/default/deployments").is(404);
            api.get("/apis/apps/v1/namespaces/default/deployments").is(200);
            api.get("/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers")
                    .is(200);
        }
    }

    @Test
    void haveADescriptionForEveryField() {
        var undescribed = new ArrayList<String>();
        for (var name : SchemaLibrary.builtIn().names()) {
            if (name.contains(".v1beta1.") || name.contains(".v1beta2.") || name.contains(".v2beta")) {
                var schema = SchemaLibrary.builtIn().schema(name);
                schema.properties().forEach((field, type) -> {
                    if (type.description().isEmpty() && type.name().isEmpty()) {
                        undescribed.add(name + "." + field);
                    }
                });
            }
        }
        assertThat(undescribed).isEmpty();
    }

    @Test
    void warnOnEveryVerb() {
        try (var api = Api.withDefaultNamespace()) {
            var path = "/apis/apps/v1beta1/namespaces/default/deployments";
            var text = "299 - \"apps/v1beta1 Deployment is deprecated in v1.8+, unavailable in v1.16+;"
                    + " use apps/v1 Deployment\"";
            assertThat(api.post(path, "{metadata: {name: web}, spec: {" + TEMPLATE + "}}")
                            .is(201)
                            .headers()
                            .all("Warning"))
                    .contains(text);
            for (var answer : new Api.Answer[] {
                api.get(path),
                api.get(path + "/web"),
                api.patch(path + "/web", "merge-patch", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
                api.delete(path + "/web")
            }) {
                assertThat(answer.is(200).headers().all("Warning")).containsExactly(text);
            }
        }
    }

    @Test
    void scaleWithAScaleOfTheirOwn() {
        try (var api = Api.withDefaultNamespace()) {
            var path = "/apis/extensions/v1beta1/namespaces/default/deployments";
            api.post(path, "{metadata: {name: web}, spec: {" + TEMPLATE + "}}").is(201);

            var scale = api.get(path + "/web/scale").is(200);
            assertThat(scale.at("apiVersion")).isEqualTo("extensions/v1beta1");
            assertThat(scale.at("status.selector")).isEqualTo("{\"app\":\"web\"}");
            assertThat(scale.at("status.targetSelector")).isEqualTo("app=web");
            assertThat(api.patch(path + "/web/scale", "merge-patch", "{\"spec\":{\"replicas\":4}}")
                            .is(200)
                            .at("spec.replicas"))
                    .isEqualTo("4");
            assertThat(api.get("/apis/apps/v1/namespaces/default/deployments/web")
                            .at("spec.replicas"))
                    .isEqualTo("4");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"extensions/v1beta1", "apps/v1beta1"})
    void takeTheWishToGoBack(String version) {
        try (var api = Api.withDefaultNamespace()) {
            var web = "/apis/" + version + "/namespaces/default/deployments/web";
            api.post(
                            "/apis/apps/v1/namespaces/default/deployments",
                            "{metadata: {name: web}, spec: {selector: {matchLabels: {app: web}}, " + TEMPLATE + "}}")
                    .is(201);
            var wish = "{kind: DeploymentRollback, apiVersion: " + version + ", name: web, rollbackTo: {revision: %d},"
                    + " updatedAnnotations: {a: b}}";

            var done = api.post(web + "/rollback", wish.formatted(3)).is(201);
            assertThat(done.at("status")).isEqualTo("Success");
            assertThat(done.at("code")).isEqualTo("200");
            assertThat(done.at("message")).isEqualTo("rollback request for deployment \"web\" succeeded");
            assertThat(api.get(web).at("spec.rollbackTo")).isEqualTo("{\"revision\":3}");
            assertThat(api.get("/apis/apps/v1/namespaces/default/deployments/web")
                            .at("metadata.annotations"))
                    .isEqualTo("{\"a\":\"b\",\"deprecated.deployment.rollback.to\":\"3\"}");

            assertThat(api.post(web + "/rollback", wish.formatted(-1)).is(422).at("message"))
                    .isEqualTo(
                            "DeploymentRollback.apps \"web\" is invalid: rollback.version: Invalid value: -1: must be"
                                    + " greater than or equal to 0");
            assertThat(api.post(web + "/rollback", "{}").is(422).at("message"))
                    .isEqualTo("DeploymentRollback.apps \"\" is invalid: name: Required value: name is required");
            assertThat(api.post(
                                    web + "/rollback",
                                    wish.replace("name: web", "name: other").formatted(0))
                            .is(400)
                            .at("message"))
                    .isEqualTo("name in URL does not match name in DeploymentRollback object");
            api.get(web + "/rollback").is(405);
            api.post(
                            "/apis/" + version + "/namespaces/default/deployments/other/rollback",
                            wish.replace("name: web", "name: other").formatted(0))
                    .is(404);
        }
    }

    @Test
    void takeNoWishInLaterVersions() {
        try (var api = Api.withDefaultNamespace()) {
            for (var version : new String[] {"apps/v1", "apps/v1beta2"}) {
                api.post("/apis/" + version + "/namespaces/default/deployments/web/rollback", "{name: web}")
                        .is(404);
            }
        }
    }

    @Test
    void selectEventsByTheNamesOfTheirVersion() {
        try (var api = Api.withDefaultNamespace()) {
            api.post(
                            "/api/v1/namespaces/default/events",
                            "{metadata: {name: a}, involvedObject: {kind: Pod, namespace: default, name: web}}")
                    .is(201);
            var events = "/apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=";

            assertThat(api.get(events + "regarding.name%3Dweb").is(200).json().path("items"))
                    .hasSize(1);
            assertThat(api.get(events + "regarding.name%3Dother").is(200).json().path("items"))
                    .isEmpty();
            assertThat(api.get(events + "involvedObject.name%3Dweb").is(400).at("message"))
                    .isEqualTo("field label not supported: involvedObject.name");
        }
    }
}
