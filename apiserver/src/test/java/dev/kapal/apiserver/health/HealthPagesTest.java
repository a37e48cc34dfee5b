package dev.kapal.apiserver.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthPagesTest {
    private final AtomicBoolean starting = new AtomicBoolean(true);
    private final HealthPages pages = new HealthPages(
            List.of(
                    Check.alive("ping", Optional::empty),
                    Check.started("poststarthook/roles", () -> Optional.of("not finished"))),
            starting::get);

    private int status(String path) throws Exception {
        try (var server = new InProcess(
                exchange -> pages.handle(new Call(RequestInfo.of(exchange.request()), User.of("bob"), exchange)))) {
            var request = Request.local("GET", path, Headers.NONE, new byte[0], new Peer.Local("bob", List.of()));
            try (var answer = server.call(request)) {
                return answer.status();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/livez, 200, 500",
        "/livez/poststarthook/roles, 200, 500",
        "/readyz, 500, 500",
        "/healthz, 500, 500",
        "/livez/ping, 200, 200"
    })
    void aServerThatStartsIsTrustedToFinishForAWhile(String path, int meanwhile, int afterwards) throws Exception {
        assertThat(status(path)).isEqualTo(meanwhile);
        starting.set(false);
        assertThat(status(path)).isEqualTo(afterwards);
    }
}
