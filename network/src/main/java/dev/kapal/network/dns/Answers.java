package dev.kapal.network.dns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Turns one query into one reply: names of the cluster from the zone, all others from the forwarder. Any thread;
/// blocks only while the forwarder does.
final class Answers {
    /// An alias of an alias of … ends here.
    private static final int MOST_ALIASES = 8;

    private final ClusterZone zone;
    private final Forwarder forwarder;
    private final RandomGenerator random;

    Answers(ClusterZone zone, Forwarder forwarder, RandomGenerator random) {
        this.zone = zone;
        this.forwarder = forwarder;
        this.random = random;
    }

    Message answer(Message query) throws InterruptedException {
        var header = query.getHeader();
        if (header.getOpcode() != Opcode.QUERY) {
            return refusal(query, Rcode.NOTIMP);
        }
        if (header.getCount(Section.QUESTION) != 1) {
            return refusal(query, Rcode.FORMERR);
        }
        var question = query.getQuestion();
        if (question.getDClass() != DClass.IN || question.getType() == Type.AXFR || question.getType() == Type.IXFR) {
            return refusal(query, Rcode.REFUSED);
        }
        var lookup = zone.find(question.getName(), question.getType());
        return lookup instanceof Lookup.Elsewhere ? forwarded(query) : authoritative(query, lookup);
    }

    static Message refusal(Message query, int rcode) {
        var reply = reply(query);
        reply.getHeader().setRcode(rcode);
        return reply;
    }

    private Message authoritative(Message query, Lookup lookup) throws InterruptedException {
        var reply = reply(query);
        reply.getHeader().setFlag(Flags.AA);
        var answers = new ArrayList<Record>();
        int type = query.getQuestion().getType();
        var step = lookup;
        for (int i = 0; i < MOST_ALIASES && step instanceof Lookup.Alias alias; i++) {
            answers.add(alias.cname());
            if (type == Type.CNAME) {
                step = new Lookup.Found(List.of(), List.of());
                continue;
            }
            step = zone.find(alias.target(), type);
            if (step instanceof Lookup.Elsewhere) {
                var next = Record.newRecord(alias.target(), type, DClass.IN);
                var foreign = forwarder.ask(next, false);
                answers.addAll(foreign.getSection(Section.ANSWER));
                reply.getHeader().setRcode(foreign.getRcode());
                step = new Lookup.Found(List.of(), List.of());
            }
        }
        finish(reply, step, answers);
        return reply;
    }

    private void finish(Message reply, Lookup last, List<Record> answers) {
        switch (last) {
            case Lookup.Found(List<Record> records, List<Record> additional) -> {
                answers.addAll(shuffled(records));
                additional.forEach(record -> reply.addRecord(record, Section.ADDITIONAL));
            }
            case Lookup.NoSuchName() -> {
                reply.getHeader().setRcode(Rcode.NXDOMAIN);
                reply.addRecord(zone.authority(), Section.AUTHORITY);
            }
            case Lookup.NoData() -> reply.addRecord(zone.authority(), Section.AUTHORITY);
            // A chain of aliases without an end.
            case Lookup.Alias alias -> reply.getHeader().setRcode(Rcode.SERVFAIL);
            case Lookup.Elsewhere() -> throw new IllegalStateException("forwarded before");
        }
        answers.forEach(record -> reply.addRecord(record, Section.ANSWER));
    }

    /// Clients take the first address; each should find another one there.
    private List<Record> shuffled(List<Record> records) {
        if (records.size() < 2) {
            return records;
        }
        var copy = new ArrayList<>(records);
        Collections.shuffle(copy, Random.from(random));
        return copy;
    }

    private Message forwarded(Message query) throws InterruptedException {
        boolean wantsDnssec = query.getOPT() != null && (query.getOPT().getFlags() & 0x8000) != 0;
        var foreign = forwarder.ask(query.getQuestion(), wantsDnssec);
        var reply = reply(query);
        reply.getHeader().setRcode(foreign.getRcode());
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            for (var record : foreign.getSection(section)) {
                if (!(record instanceof OPTRecord)) {
                    reply.addRecord(record, section);
                }
            }
        }
        return reply;
    }

    private static Message reply(Message query) {
        var reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.getHeader().setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) {
            reply.getHeader().setFlag(Flags.RD);
        }
        if (query.getQuestion() != null) {
            reply.addRecord(query.getQuestion(), Section.QUESTION);
        }
        var options = query.getOPT();
        if (options != null) {
            int dnssecOk = options.getFlags() & 0x8000;
            reply.addRecord(new OPTRecord(DnsServer.LARGEST_UDP, 0, 0, dnssecOk), Section.ADDITIONAL);
        }
        return reply;
    }
}
