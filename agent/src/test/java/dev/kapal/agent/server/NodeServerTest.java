package dev.kapal.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.agent.cri.FakeRuntime;
import dev.kapal.agent.cri.v1.ContainerConfig;
import dev.kapal.agent.cri.v1.ContainerMetadata;
import dev.kapal.agent.cri.v1.ImageSpec;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeServerTest {
    @TempDir
    Path directory;

    private final FakeRuntime runtime = new FakeRuntime(Time.system()).addImage("web:1");
    private NodeServerFixture node;
    private String container;

    @BeforeEach
    void startServer() throws IOException {
        node = new NodeServerFixture(directory, runtime, Time.system());
        var pod = PodSandboxConfig.newBuilder()
                .setLogDirectory(directory.toString())
                .build();
        var config = ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName("main"))
                .setImage(ImageSpec.newBuilder().setImage("web:1"))
                .putLabels("io.kubernetes.pod.uid", "u1")
                .putLabels("io.kubernetes.container.name", "main")
                .setLogPath("main.log")
                .build();
        container = runtime.createContainer(runtime.runPodSandbox(pod, ""), config, pod);
        runtime.startContainer(container);
        Files.writeString(directory.resolve("main.log"), """
                2025-01-01T10:00:00Z stdout F one
                2025-01-01T10:00:01Z stderr F two
                """);
        node.pods.add(NodeServerFixture.running("web", "u1", "main", container));
    }

    @AfterEach
    void stopServer() {
        node.close();
    }

    @Test
    void anybodyMayAskForHealthAndNobodyForMore() throws Exception {
        assertThat(node.get(node.nobody(), "/healthz").body()).isEqualTo("ok");
        assertThat(node.get(node.nobody(), "/pods").statusCode()).isEqualTo(401);
        var admin = node.get(node.admin(), "/pods");
        assertThat(admin.statusCode()).isEqualTo(403);
        assertThat(admin.body())
                .isEqualTo("Forbidden (user=kubernetes-admin, verb=get, resource=nodes, subresource(s)=[pods proxy])");
    }

    @Test
    void theApiServerSeesThePods() throws Exception {
        var answer =
                new ObjectMapper().readTree(node.get(node.apiServer(), "/pods").body());

        assertThat(answer.at("/kind").textValue()).isEqualTo("PodList");
        assertThat(answer.at("/items/0/metadata/name").textValue()).isEqualTo("web");
    }

    @Test
    void logsAreFilteredAsAskedFor() throws Exception {
        assertThat(logs("web/main?tailLines=1").body()).isEqualTo("two\n");
        assertThat(logs("web/main?timestamps=true&stream=Stdout").body())
                .isEqualTo("2025-01-01T10:00:00.000000000Z one\n");
        assertThat(logs("web/main?sinceTime=2025-01-01T10:00:01Z").body()).isEqualTo("two\n");
    }

    @Test
    void aFollowedLogEndsWithItsContainer() throws Exception {
        runtime.exit(container, 0);

        assertThat(logs("web/main?follow=true").body()).isEqualTo("one\ntwo\n");
    }

    @Test
    void logsThatCannotBeHadAreRefusedWithTheReason() throws Exception {
        assertThat(logs("web/main?previous=true").body())
                .isEqualTo("previous terminated container \"main\" in pod \"web\" not found");
        assertThat(logs("web/main?previous=true").statusCode()).isEqualTo(400);
        assertThat(logs("web/main?tailLines=-1").statusCode()).isEqualTo(422);
        assertThat(logs("web/other").body()).isEqualTo("container \"other\" not found in pod \"web\"");
        assertThat(logs("gone/main").body()).isEqualTo("pod \"gone\" does not exist");
        assertThat(logs("gone/main").statusCode()).isEqualTo(404);
    }

    @Test
    void commandsNeedARunningContainerAStreamAndAnUpgrade() throws Exception {
        assertThat(node.get(node.apiServer(), "/exec/default/web/main?command=ls")
                        .body())
                .isEqualTo("you must specify at least 1 of stdin, stdout, stderr");
        assertThat(node.get(node.apiServer(), "/exec/default/web/main?command=ls&output=1")
                        .body())
                .isEqualTo("Upgrade request required");
        runtime.exit(container, 1);
        var refused = node.get(node.apiServer(), "/exec/default/web/main?command=ls&output=1");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(refused.body()).isEqualTo("container not found (\"main\")");
        assertThat(node.get(node.apiServer(), "/portForward/default/gone").body())
                .isEqualTo("pod does not exist");
    }

    @Test
    void theSummaryDescribesTheNode() throws Exception {
        var summary = new ObjectMapper()
                .readTree(node.get(node.apiServer(), "/stats/summary").body());

        assertThat(summary.at("/node/nodeName").textValue()).isEqualTo("n1");
        assertThat(summary.at("/node/memory/workingSetBytes").longValue()).isPositive();
        assertThat(node.get(node.apiServer(), "/metrics/resource").body()).contains("node_cpu_usage_seconds_total ");
    }

    private java.net.http.HttpResponse<String> logs(String target) throws Exception {
        return node.get(node.apiServer(), "/containerLogs/default/" + target);
    }
}
