package dev.kapal.agent.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.agent.containerd.TestNode;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.base.time.Time;
import dev.kapal.testkit.MachineOfItsOwn;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class StreamsTest {
    @TempDir
    static Path directory;

    private static TestNode machine;
    private static NodeServerFixture node;

    @BeforeAll
    static void start() throws Exception {
        machine = TestNode.start(directory);
        node = new NodeServerFixture(directory, machine.runtime(), Time.system());
        var config = machine.container("main", "sleep 1000").toBuilder()
                .putLabels("io.kubernetes.pod.uid", "u1")
                .putLabels("io.kubernetes.container.name", "main")
                .build();
        var id = machine.run(machine.pod("web", NamespaceMode.NODE), config);
        node.pods.add(NodeServerFixture.running("web", "u1", "main", id));
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            node.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void aCommandsOutputAndExitCodeComeThroughTheTunnel() throws Exception {
        var frames = exec("command=sh&command=-c&command=echo+out%3Becho+err+1%3E%262%3Bexit+7&output=1&error=1", "");

        assertThat(frames.get(1)).isEqualTo("out\n");
        assertThat(frames.get(2)).isEqualTo("err\n");
        assertThat(frames.get(3)).contains("\"status\":\"Failure\"").contains("\"message\":\"7\"");
    }

    @Test
    void whatIsTypedReachesTheCommand() throws Exception {
        var frames = exec("command=head&command=-n1&input=1&output=1", "hello\n");

        assertThat(frames.get(1)).isEqualTo("hello\n");
        assertThat(frames.get(3)).contains("\"status\":\"Success\"");
    }

    @Test
    void theSummaryHasWhatTheContainerUses() throws Exception {
        var summary = new ObjectMapper()
                .readTree(node.get(node.apiServer(), "/stats/summary").body());

        assertThat(summary.at("/pods/0/podRef/name").textValue()).isEqualTo("web");
        assertThat(summary.at("/pods/0/containers/0/name").textValue()).isEqualTo("main");
        assertThat(summary.at("/pods/0/containers/0/memory/workingSetBytes").longValue())
                .isPositive();
        assertThat(summary.at("/pods/0/cpu/usageCoreNanoSeconds").longValue()).isPositive();
        assertThat(node.get(node.apiServer(), "/metrics/resource").body())
                .contains("container_memory_working_set_bytes{container=\"main\",namespace=\"default\",pod=\"web\"} ");
    }

    private static Frames exec(String query, String input) throws Exception {
        var frames = new Frames();
        var socket = node.apiServer()
                .newWebSocketBuilder()
                .subprotocols("v4.channel.k8s.io")
                .buildAsync(node.uri("wss", "/exec/default/web/main?" + query), frames)
                .get(10, TimeUnit.SECONDS);
        if (!input.isEmpty()) {
            socket.sendBinary(ByteBuffer.wrap(("\0" + input).getBytes(UTF_8)), true)
                    .get(10, TimeUnit.SECONDS);
        }
        frames.closed.get(20, TimeUnit.SECONDS);
        return frames;
    }

    /// What came on each channel: 1 is standard output, 2 standard error, 3 the end.
    private static final class Frames implements WebSocket.Listener {
        private final ByteArrayOutputStream[] channels = {
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream()
        };
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private int channel = -1;

        String get(int number) {
            return channels[number].toString(UTF_8);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            if (channel < 0) {
                channel = data.get();
            }
            var bytes = new byte[data.remaining()];
            data.get(bytes);
            channels[channel].writeBytes(bytes);
            channel = last ? -1 : channel;
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            closed.completeExceptionally(failure);
        }
    }
}
