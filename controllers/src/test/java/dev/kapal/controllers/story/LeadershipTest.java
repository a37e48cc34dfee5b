package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.time.Time;
import dev.kapal.client.Key;
import dev.kapal.client.LeaderElection;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two processes, one leader.
@Timeout(300)
class LeadershipTest {
    private static final Key LEASE = new Key("kube-system", "boss");

    @TempDir
    Path directory;

    @Test
    void handsOverWhenTheLeaderGoes() throws Exception {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        try (var town = Town.start(directory)) {
            var first = candidate(town, "one", said);
            assertThat(said.take()).isEqualTo("one leads");
            try (var second = candidate(town, "two", said)) {
                first.close();
                assertThat(said.take()).isEqualTo("one stops");
                assertThat(said.take()).isEqualTo("two leads");
                assertThat(town.api()
                                .fetch(Lease.class, LEASE)
                                .orElseThrow()
                                .getSpec()
                                .getHolderIdentity())
                        .isEqualTo("two");
                assertThat(second).isNotNull();
            }
            assertThat(said.take()).isEqualTo("two stops");
        }
    }

    private static LeaderElection candidate(Town town, String name, BlockingQueue<String> said) {
        var config = new LeaderElection.Config(
                LEASE, name, Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofMillis(50));
        return LeaderElection.start(
                town.client(),
                config,
                () -> {
                    said.add(name + " leads");
                    return () -> said.add(name + " stops");
                },
                Time.system());
    }
}
