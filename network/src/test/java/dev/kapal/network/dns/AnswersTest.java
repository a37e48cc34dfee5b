package dev.kapal.network.dns;

import static dev.kapal.network.dns.FixedNames.port;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.network.NetworkConfig;
import dev.kapal.testkit.FakeTime;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Expected answers are written as zone-file lines.
class AnswersTest {
    private static final String SOA =
            "cluster.local. 30 IN SOA ns.dns.cluster.local. hostmaster.cluster.local." + " 1 7200 1800 86400 30";

    // shop: a service, a headless one with two pods (one with a hostname), one without endpoints, two aliases
    private final FixedNames names = new FixedNames()
            .namespace("default")
            .service("default", "kubernetes", "10.96.0.1", port("https", 443))
            .service("shop", "web", "10.96.0.20", port("http", 80), port("metrics", 9090))
            .service("shop", "db", "", port("sql", 5432))
            .service("shop", "empty", "")
            .endpoint("shop", "db", "10.244.0.5", "db-0", port("sql", 5432))
            .endpoint("shop", "db", "10.244.0.6", "", port("sql", 5432))
            .endpoint("shop", "web", "10.244.0.7", "", port("http", 8080))
            .external("shop", "inside", "web.shop.svc.cluster.local")
            .external("shop", "outside", "www.example.com")
            .external("shop", "round", "round.shop.svc.cluster.local");

    private final Answers answers = new Answers(
            new ClusterZone(NetworkConfig.DEFAULT, names),
            new Forwarder(List::of, new FakeTime(), new Random(1)),
            new Random(1));

    record Case(String question, int type, int rcode, String... lines) {
        @Override
        public String toString() {
            return question + " " + Type.string(type);
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "web.shop.svc.cluster.local",
                        Type.A,
                        Rcode.NOERROR,
                        "web.shop.svc.cluster.local. 30 IN A 10.96.0.20"),
                new Case(
                        "WEB.Shop.svc.CLUSTER.local",
                        Type.A,
                        Rcode.NOERROR,
                        "WEB.Shop.svc.CLUSTER.local. 30 IN A 10.96.0.20"),
                new Case("web.shop.svc.cluster.local", Type.AAAA, Rcode.NOERROR, SOA),
                new Case("web.shop.svc.cluster.local", Type.MX, Rcode.NOERROR, SOA),
                new Case("nothing.shop.svc.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case("nothing.shop.svc.cluster.local", Type.AAAA, Rcode.NXDOMAIN, SOA),
                new Case("web.nowhere.svc.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case("shop.svc.cluster.local", Type.A, Rcode.NOERROR, SOA),
                new Case("nowhere.svc.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case("svc.cluster.local", Type.A, Rcode.NOERROR, SOA),
                new Case("cluster.local", Type.A, Rcode.NOERROR, SOA),
                new Case("cluster.local", Type.SOA, Rcode.NOERROR, SOA),
                new Case("cluster.local", Type.NS, Rcode.NOERROR, "cluster.local. 30 IN NS ns.dns.cluster.local."),
                new Case("ns.dns.cluster.local", Type.A, Rcode.NOERROR, "ns.dns.cluster.local. 30 IN A 10.96.0.10"),
                new Case(
                        "dns-version.cluster.local",
                        Type.TXT,
                        Rcode.NOERROR,
                        "dns-version.cluster.local. 30 IN TXT \"1.1.0\""),
                new Case("example.com.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case(
                        "db.shop.svc.cluster.local",
                        Type.A,
                        Rcode.NOERROR,
                        "db.shop.svc.cluster.local. 30 IN A 10.244.0.5",
                        "db.shop.svc.cluster.local. 30 IN A 10.244.0.6"),
                new Case("empty.shop.svc.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case(
                        "db-0.db.shop.svc.cluster.local",
                        Type.A,
                        Rcode.NOERROR,
                        "db-0.db.shop.svc.cluster.local. 30 IN A 10.244.0.5"),
                new Case(
                        "10-244-0-6.db.shop.svc.cluster.local",
                        Type.A,
                        Rcode.NOERROR,
                        "10-244-0-6.db.shop.svc.cluster.local. 30 IN A 10.244.0.6"),
                new Case("db-7.db.shop.svc.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case(
                        "_http._tcp.web.shop.svc.cluster.local",
                        Type.SRV,
                        Rcode.NOERROR,
                        "_http._tcp.web.shop.svc.cluster.local. 30 IN SRV 0 100 80 web.shop.svc.cluster.local.",
                        "web.shop.svc.cluster.local. 30 IN A 10.96.0.20"),
                new Case("_http._tcp.web.shop.svc.cluster.local", Type.A, Rcode.NOERROR, SOA),
                new Case("_http._udp.web.shop.svc.cluster.local", Type.SRV, Rcode.NXDOMAIN, SOA),
                new Case("_tcp.web.shop.svc.cluster.local", Type.A, Rcode.NOERROR, SOA),
                new Case(
                        "web.shop.svc.cluster.local",
                        Type.SRV,
                        Rcode.NOERROR,
                        "web.shop.svc.cluster.local. 30 IN SRV 0 100 80 web.shop.svc.cluster.local.",
                        "web.shop.svc.cluster.local. 30 IN SRV 0 100 9090 web.shop.svc.cluster.local.",
                        "web.shop.svc.cluster.local. 30 IN A 10.96.0.20"),
                new Case(
                        "_sql._tcp.db.shop.svc.cluster.local",
                        Type.SRV,
                        Rcode.NOERROR,
                        "_sql._tcp.db.shop.svc.cluster.local. 30 IN SRV 0 50 5432 db-0.db.shop.svc.cluster.local.",
                        "_sql._tcp.db.shop.svc.cluster.local. 30 IN SRV 0 50 5432 10-244-0-6.db.shop.svc.cluster.local.",
                        "db-0.db.shop.svc.cluster.local. 30 IN A 10.244.0.5",
                        "10-244-0-6.db.shop.svc.cluster.local. 30 IN A 10.244.0.6"),
                new Case(
                        "inside.shop.svc.cluster.local",
                        Type.A,
                        Rcode.NOERROR,
                        "inside.shop.svc.cluster.local. 30 IN CNAME web.shop.svc.cluster.local.",
                        "web.shop.svc.cluster.local. 30 IN A 10.96.0.20"),
                new Case(
                        "outside.shop.svc.cluster.local",
                        Type.CNAME,
                        Rcode.NOERROR,
                        "outside.shop.svc.cluster.local. 30 IN CNAME www.example.com."),
                new Case(
                        "outside.shop.svc.cluster.local",
                        Type.A,
                        Rcode.SERVFAIL, // there is nobody to ask
                        "outside.shop.svc.cluster.local. 30 IN CNAME www.example.com."),
                new Case(
                        "10-244-0-9.shop.pod.cluster.local",
                        Type.A,
                        Rcode.NOERROR,
                        "10-244-0-9.shop.pod.cluster.local. 30 IN A 10.244.0.9"),
                new Case("10-244-0-9.nowhere.pod.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case("10-244-0-999.shop.pod.cluster.local", Type.A, Rcode.NXDOMAIN, SOA),
                new Case(
                        "20.0.96.10.in-addr.arpa",
                        Type.PTR,
                        Rcode.NOERROR,
                        "20.0.96.10.in-addr.arpa. 30 IN PTR web.shop.svc.cluster.local."),
                new Case(
                        "5.0.244.10.in-addr.arpa",
                        Type.PTR,
                        Rcode.NOERROR,
                        "5.0.244.10.in-addr.arpa. 30 IN PTR db-0.db.shop.svc.cluster.local."),
                new Case("99.0.96.10.in-addr.arpa", Type.PTR, Rcode.NXDOMAIN, SOA));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answers(Case wanted) throws Exception {
        var reply = answers.answer(query(wanted.question(), wanted.type()));
        assertThat(Rcode.string(reply.getRcode())).isEqualTo(Rcode.string(wanted.rcode()));
        assertThat(reply.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(lines(reply)).containsExactlyInAnyOrder(wanted.lines());
    }

    @Test
    void aCircleOfAliasesIsAFailureAndEnds() throws Exception {
        var reply = answers.answer(query("round.shop.svc.cluster.local", Type.A));
        assertThat(reply.getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void aForeignNameIsNotOursToDeny() throws Exception {
        var reply = answers.answer(query("www.example.com", Type.A));
        assertThat(reply.getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(reply.getHeader().getFlag(Flags.AA)).isFalse();
        var elsewhere = answers.answer(query("1.2.0.192.in-addr.arpa", Type.PTR));
        assertThat(elsewhere.getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void everyOrderOfAddressesComesUp() throws Exception {
        var firsts = Stream.iterate(0, i -> i + 1)
                .limit(40)
                .map(i -> {
                    try {
                        return lines(answers.answer(query("db.shop.svc.cluster.local", Type.A)))
                                .getFirst();
                    } catch (Exception impossible) {
                        throw new AssertionError(impossible);
                    }
                })
                .collect(Collectors.toSet());
        assertThat(firsts).hasSize(2);
    }

    @Test
    void whatIsNoOrdinaryQuestionIsRefused() throws Exception {
        var update = query("web.shop.svc.cluster.local", Type.A);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(answers.answer(update).getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(answers.answer(new Message(7)).getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(answers.answer(query("cluster.local", Type.AXFR)).getRcode()).isEqualTo(Rcode.REFUSED);
    }

    static Message query(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
    }

    private static List<String> lines(Message reply) {
        return Stream.of(Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL)
                .flatMap(section -> reply.getSection(section).stream())
                .map(record -> record.toString().replaceAll("\\s+", " "))
                .toList();
    }
}
