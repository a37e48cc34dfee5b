package dev.kapal.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.network.resolv.ResolvConf;
import dev.kapal.testkit.FakeTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

@Timeout(30)
class ForwarderTest {
    private final FakeTime time = new FakeTime();

    private Forwarder forwarder(FakeUpstream... upstreams) {
        var servers = Stream.of(upstreams).map(FakeUpstream::upstream).toList();
        return new Forwarder(() -> servers, time, new Random(1));
    }

    private static Record question(String name) throws Exception {
        return Record.newRecord(Name.fromString(name), Type.A, DClass.IN);
    }

    private static Message reply(Message query, long ttl, String... addresses) {
        try {
            var reply = new Message(query.getHeader().getID());
            reply.getHeader().setFlag(Flags.QR);
            reply.addRecord(query.getQuestion(), Section.QUESTION);
            for (var address : addresses) {
                var record = new ARecord(query.getQuestion().getName(), DClass.IN, ttl, InetAddress.getByName(address));
                reply.addRecord(record, Section.ANSWER);
            }
            return reply;
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void anAnswerIsKeptAndCountedDownUntilItsTimeIsOver() throws Exception {
        try (var upstream = new FakeUpstream(query -> reply(query, 20, "192.0.2.9"), query -> null)) {
            var forwarder = forwarder(upstream);
            assertThat(forwarder.ask(question("a.example."), false).getSection(Section.ANSWER))
                    .hasSize(1);
            time.advance(Duration.ofSeconds(5));
            var second = forwarder.ask(question("A.Example."), false);
            assertThat(second.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(15);
            assertThat(upstream.asked).hasValue(1);
            time.advance(Duration.ofSeconds(15));
            forwarder.ask(question("a.example."), false);
            assertThat(upstream.asked).hasValue(2);
        }
    }

    @Test
    void aCutAnswerIsFetchedAgainOverTcp() throws Exception {
        try (var upstream = new FakeUpstream(
                query -> {
                    var cut = reply(query, 20);
                    cut.getHeader().setFlag(Flags.TC);
                    return cut;
                },
                query -> reply(query, 20, "192.0.2.1", "192.0.2.2"))) {
            assertThat(forwarder(upstream).ask(question("big.example."), false).getSection(Section.ANSWER))
                    .hasSize(2);
            assertThat(upstream.connected).hasValue(1);
        }
    }

    @Test
    void answersWithAnotherNumberAreNotBelieved() throws Exception {
        try (var liar = new FakeUpstream(
                        query -> {
                            var forged = reply(query, 20, "203.0.113.66");
                            forged.getHeader().setID(query.getHeader().getID() ^ 1);
                            return forged;
                        },
                        query -> null);
                var honest = new FakeUpstream(query -> reply(query, 20, "192.0.2.1"), query -> null)) {
            var servers = List.of(liar.upstream(), honest.upstream());
            var forwarder = new Forwarder(() -> servers, Time.system(), new Random(1));
            var answer = forwarder.ask(question("a.example."), false).getSection(Section.ANSWER);
            assertThat(answer.getFirst().rdataToString()).isEqualTo("192.0.2.1");
        }
    }

    @Test
    void aServerThatFailsIsNotTheLastWord() throws Exception {
        try (var broken = new FakeUpstream(
                        query -> {
                            var failed = reply(query, 0);
                            failed.getHeader().setRcode(Rcode.SERVFAIL);
                            return failed;
                        },
                        query -> null);
                var sound = new FakeUpstream(query -> reply(query, 20, "192.0.2.1"), query -> null)) {
            var forwarder = forwarder(broken, sound);
            assertThat(forwarder.ask(question("a.example."), false).getRcode()).isEqualTo(Rcode.NOERROR);
            forwarder.ask(question("b.example."), false);
            assertThat(broken.asked).hasValue(1);
            assertThat(sound.asked).hasValue(2);
        }
    }

    @Test
    void theHostsServersAreReadAgainAndNeverOurselves() {
        var file = new AtomicReference<>(ResolvConf.parse("nameserver 192.0.2.53\nnameserver 10.96.0.10\n"));
        var upstreams = new HostUpstreams("10.96.0.10", time, file::get);
        assertThat(upstreams.get())
                .extracting(server -> server.address().getAddress().getHostAddress())
                .containsExactly("192.0.2.53");
        file.set(ResolvConf.parse("nameserver 198.51.100.53\nnameserver no.address.example\n"));
        assertThat(upstreams.get()).hasSize(1);
        time.advance(Duration.ofSeconds(11));
        assertThat(upstreams.get())
                .extracting(server -> server.address().getAddress().getHostAddress())
                .containsExactly("198.51.100.53");
    }

    @Test
    void withoutAnyAnswerTheReplySaysSoAndIsKeptForAMoment() throws Exception {
        try (var broken = new FakeUpstream(
                query -> {
                    var refused = reply(query, 0);
                    refused.getHeader().setRcode(Rcode.REFUSED);
                    return refused;
                },
                query -> null)) {
            var forwarder = forwarder(broken);
            assertThat(forwarder.ask(question("a.example."), false).getRcode()).isEqualTo(Rcode.REFUSED);
            forwarder.ask(question("a.example."), false);
            assertThat(broken.asked).hasValue(1);
            time.advance(Duration.ofSeconds(5));
            forwarder.ask(question("a.example."), false);
            assertThat(broken.asked).hasValue(2);
        }
    }

    @Test
    void oneQuestionAskedByManyGoesOutOnce() throws Exception {
        var release = new CountDownLatch(1);
        try (var upstream = new FakeUpstream(
                        query -> {
                            try {
                                release.await();
                            } catch (InterruptedException stop) {
                                Thread.currentThread().interrupt();
                            }
                            return reply(query, 20, "192.0.2.9");
                        },
                        query -> null);
                var life = new Life("askers")) {
            var forwarder = forwarder(upstream);
            var replies = new LinkedBlockingQueue<Message>();
            for (int i = 0; i < 20; i++) {
                life.spawn("asker", () -> replies.add(forwarder.ask(question("a.example."), false)));
            }
            release.countDown();
            for (int i = 0; i < 20; i++) {
                assertThat(replies.take().getSection(Section.ANSWER)).hasSize(1);
            }
            assertThat(upstream.asked).hasValue(1);
        }
    }
}
