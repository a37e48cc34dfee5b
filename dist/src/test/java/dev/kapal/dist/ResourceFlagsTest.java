package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.apiserver.registry.ServingOptions;
import dev.kapal.apiserver.registry.ServingOptions.PortRange;
import dev.kapal.cli.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ResourceFlagsTest {
    private static ServingOptions parsed(String... arguments) {
        return CommandLine.populateCommand(new ResourceFlags(), arguments).serving();
    }

    @Test
    void servesAsUpstreamDoes() {
        assertThat(parsed())
                .isEqualTo(
                        new ServingOptions(new PortRange(30000, 32767), Duration.ofSeconds(1800), Duration.ofHours(1)));
    }

    @Test
    void takesEveryOption() {
        assertThat(parsed("--min-request-timeout=60", "--event-ttl=10m", "--service-node-port-range=31000-31999"))
                .isEqualTo(
                        new ServingOptions(new PortRange(31000, 31999), Duration.ofMinutes(1), Duration.ofMinutes(10)));
        assertThat(parsed("--service-node-port-range=31000+9").nodePorts()).isEqualTo(new PortRange(31000, 31009));
        assertThat(parsed("--service-node-port-range=80").nodePorts()).isEqualTo(new PortRange(80, 80));
    }

    @ParameterizedTest
    @CsvSource({
        "--min-request-timeout=-1, --min-request-timeout can not be negative value",
        "--event-ttl=-1h, --event-ttl can not be negative value",
        "--service-node-port-range=high, --service-node-port-range: unable to parse port range: high",
        "--service-node-port-range=99-98, --service-node-port-range: 99-98 is not a range of ports: 99-98"
    })
    void refusesWhatMakesNoSense(String argument, String why) {
        assertThatThrownBy(() -> parsed(argument)).isInstanceOf(Refusal.class).hasMessage(why);
    }
}
