package dev.kapal.network.dns;

import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// What the zone has to say to a question. Sealed: every transport and every forwarder knows all the cases.
sealed interface Lookup {
    /// Records of the type asked for, and what a client will ask for next.
    record Found(List<Record> answers, List<Record> additional) implements Lookup {
        public Found {
            answers = List.copyOf(answers);
            additional = List.copyOf(additional);
        }
    }

    /// The name is another's; who asked for an address wants that one's.
    record Alias(Record cname, Name target) implements Lookup {}

    /// The name exists, without records of the type.
    record NoData() implements Lookup {}

    record NoSuchName() implements Lookup {}

    /// Not a name of this zone.
    record Elsewhere() implements Lookup {}
}
