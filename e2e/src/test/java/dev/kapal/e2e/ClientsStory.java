package dev.kapal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What people write programs with: fabric8's client, the official ones for Java and Python, and Helm, all as they are.
@Timeout(120)
class ClientsStory {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    @TempDir
    static Path directory;

    private static ControlPlaneProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = ControlPlaneProcess.start(directory.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void fabric8AppliesOnTheServer() {
        var config = Config.fromKubeconfig(server.kubeconfig().toFile());
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            var maps = client.configMaps().inNamespace("default");
            var mine = applied("1");
            assertThat(maps.resource(mine).fieldManager("one").serverSideApply().getData())
                    .containsEntry("k", "1");
            assertThatThrownBy(() ->
                            maps.resource(applied("2")).fieldManager("two").serverSideApply())
                    .isInstanceOfSatisfying(KubernetesClientException.class, refusal -> {
                        assertThat(refusal.getCode()).isEqualTo(409);
                        assertThat(refusal.getMessage()).contains("conflict with \"one\": .data.k");
                    });
            var taken = maps.resource(applied("2"))
                    .fieldManager("two")
                    .forceConflicts()
                    .serverSideApply();
            assertThat(taken.getMetadata().getManagedFields())
                    .extracting(entry -> entry.getManager() + " " + entry.getOperation())
                    .containsExactly("two Apply");
            maps.withName("applied").delete();
        }
    }

    private static ConfigMap applied(String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName("applied")
                .endMetadata()
                .withData(Map.of("k", value))
                .build();
    }

    @Test
    void fabric8CreatesWatchesUpdatesAndDeletes() throws Exception {
        var config = Config.fromKubeconfig(server.kubeconfig().toFile());
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            var seen = new Seen();
            var maps = client.configMaps().inNamespace("default");
            try (var watch = maps.withLabel("by", "fabric8").watch(seen)) {
                var map = new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("fabric8")
                        .addToLabels("by", "fabric8")
                        .endMetadata()
                        .withData(Map.of("k", "1"))
                        .build();
                maps.resource(map).create();
                assertThat(seen.next()).isEqualTo("ADDED {k=1}");
                maps.resource(new ConfigMapBuilder(map).addToData("k", "2").build())
                        .update();
                assertThat(seen.next()).isEqualTo("MODIFIED {k=2}");
                maps.withName("fabric8").delete();
                assertThat(seen.next()).isEqualTo("DELETED {k=2}");
            }
            assertThat(client.getKubernetesVersion().getGitVersion()).startsWith("v1.34.0");
            assertThatThrownBy(() -> maps.resource(new ConfigMapBuilder()
                                    .withNewMetadata()
                                    .withName("Not A Name")
                                    .endMetadata()
                                    .build())
                            .create())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            refused ->
                                    assertThat(refused.getStatus().getReason()).isEqualTo("Invalid"));
        }
    }

    @Test
    void theOfficialJavaClientCreatesWatchesAndDeletes() throws Exception {
        var client =
                io.kubernetes.client.util.Config.fromConfig(server.kubeconfig().toString());
        client.setReadTimeout(0);
        var core = new CoreV1Api(client);
        core.createNamespacedConfigMap(
                        "default",
                        new V1ConfigMap()
                                .metadata(new V1ObjectMeta().name("official").labels(Map.of("by", "official")))
                                .data(Map.of("k", "1")))
                .execute();
        var call = core.listNamespacedConfigMap("default")
                .labelSelector("by=official")
                .watch(true)
                .timeoutSeconds(30)
                .buildCall(null);
        var type = com.google.gson.reflect.TypeToken.getParameterized(Watch.Response.class, V1ConfigMap.class)
                .getType();
        try (Watch<V1ConfigMap> watch = Watch.createWatch(client, call, type)) {
            assertThat(watch.next().type).isEqualTo("ADDED");
            core.deleteNamespacedConfigMap("official", "default").execute();
            assertThat(watch.next().type).isEqualTo("DELETED");
        }
        var pods = new GenericKubernetesApi<>(
                io.kubernetes.client.openapi.models.V1Pod.class,
                io.kubernetes.client.openapi.models.V1PodList.class,
                "",
                "v1",
                "pods",
                client);
        assertThat(pods.list("default").getObject().getItems()).isEmpty();
        assertThatThrownBy(() -> core.readNamespacedSecret("none", "default").execute())
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.getCode()).isEqualTo(404));
    }

    static boolean hasPythonClient() {
        return Files.isExecutable(PYTHON)
                && Run.of(Duration.ofSeconds(60), PYTHON.toString(), "-c", "import kubernetes")
                                .code()
                        == 0;
    }

    @Test
    @EnabledIf(value = "hasPythonClient", disabledReason = "the package python3-kubernetes is not installed")
    void theOfficialPythonClientCreatesWatchesAndDeletes() throws Exception {
        Path script = directory.resolve("client.py");
        try (var source = ClientsStory.class.getResourceAsStream("client.py")) {
            Files.write(script, source.readAllBytes());
        }
        var run = Run.of(
                        Duration.ofSeconds(60),
                        PYTHON.toString(),
                        script.toString(),
                        server.kubeconfig().toString())
                .ok();
        assertThat(run.out().lines())
                .containsExactly(
                        "ADDED a {'k': '1'}",
                        "MODIFIED a {'k': '2'}",
                        "DELETED a {'k': '2'}",
                        "replicas 3",
                        "refused 404 Not Found");
    }

    @Test
    void helmInstallsUpgradesAndUninstallsAChart() throws Exception {
        Path chart = chart();
        var installed = new Helm(chart)
                .install()
                .withName("greeter")
                .withNamespace("helm")
                .createNamespace()
                .withKubeConfig(server.kubeconfig())
                .call();
        assertThat(installed.getStatus()).isEqualTo("deployed");
        var kubectl = server.kubectl().in("helm");
        assertThat(kubectl.run("get", "configmap", "greeter", "-o", "jsonpath={.data.greeting} {.data.kubernetes}"))
                .isEqualTo("hello v1.34.0+kapal");
        var upgraded = new Helm(chart)
                .upgrade()
                .withName("greeter")
                .withNamespace("helm")
                .set("replicas", 5)
                .withKubeConfig(server.kubeconfig())
                .call();
        assertThat(upgraded.getRevision()).isEqualTo("2");
        assertThat(kubectl.run("get", "deployment", "greeter", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("5");
        Helm.uninstall("greeter")
                .withNamespace("helm")
                .withKubeConfig(server.kubeconfig())
                .call();
        assertThat(kubectl.attempt("get", "deployment", "greeter").err()).contains("NotFound");
    }

    private static Path chart() throws Exception {
        Path chart = directory.resolve("chart");
        for (var file : List.of("Chart.yaml", "values.yaml", "templates/app.yaml")) {
            Path target = chart.resolve(file);
            Files.createDirectories(target.getParent());
            try (var source = ClientsStory.class.getResourceAsStream("chart/" + file)) {
                Files.write(target, source.readAllBytes());
            }
        }
        return chart;
    }

    private static final class Seen implements Watcher<ConfigMap> {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            return String.valueOf(events.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public void eventReceived(Action action, ConfigMap map) {
            events.add(action + " " + map.getData());
        }

        @Override
        public void onClose(WatcherException cause) {
            events.add("closed " + cause);
        }
    }
}
