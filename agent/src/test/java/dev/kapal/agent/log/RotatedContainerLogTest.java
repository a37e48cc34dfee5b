package dev.kapal.agent.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.Await;
import dev.kapal.agent.containerd.TestNode;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.base.time.Time;
import dev.kapal.testkit.MachineOfItsOwn;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@Tag("containerd")
@ExtendWith(MachineOfItsOwn.class)
class RotatedContainerLogTest {
    private static final int LINES = 20_000;

    @TempDir
    Path directory;

    @Test
    void aFollowerMissesNoLineWhenTheLogIsRotated() throws Exception {
        try (var node = TestNode.start(directory)) {
            var script = "i=0; while [ $i -lt " + LINES + " ]; do i=$((i+1)); echo $i; done";
            var container = node.run(node.pod("writer", NamespaceMode.NODE), node.container("main", script));
            var file = Path.of(node.runtime().containerStatus(container).getLogPath());
            var seen = new ByteArrayOutputStream();
            var query = new LogQuery(
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    true,
                    false,
                    EnumSet.allOf(LogStream.class));
            var follower = Thread.ofVirtual().start(() -> read(query, file, node, container, seen));

            Await.until("the follower has lines", () -> seen.size() > 1_000);
            new LogRotation(node.runtime(), Time.system(), 1_000, 3).check(container, file);
            follower.join();

            assertThat(file.resolveSibling("0.log")).exists();
            var numbers = seen.toString(UTF_8).lines().map(Integer::valueOf).toList();
            var expected = IntStream.rangeClosed(1, LINES).boxed().toList();
            assertThat(numbers.size()).isEqualTo(LINES);
            assertThat(numbers.equals(expected)).as("in order").isTrue();
        }
    }

    private static void read(LogQuery query, Path file, TestNode node, String container, ByteArrayOutputStream seen) {
        try {
            new LogReader(query, seen, Time.system())
                    .read(
                            file,
                            () -> node.runtime().containerStatus(container).getState()
                                    == ContainerState.CONTAINER_RUNNING);
        } catch (Exception failure) {
            seen.writeBytes(failure.toString().getBytes(UTF_8));
        }
    }
}
