package dev.kapal.apiserver.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalInt;

/// What one PriorityLevelConfiguration says. Immutable.
///
/// @param exempt its requests never wait
/// @param shares of the server's seats, in proportion to all levels' shares
/// @param lendablePercent of its seats that other levels may borrow
/// @param borrowingLimitPercent of its seats that it may borrow; empty: as many as others lend
/// @param queuing empty: what finds no seat is refused at once
record PriorityLevel(
        String name,
        String uid,
        boolean exempt,
        int shares,
        int lendablePercent,
        OptionalInt borrowingLimitPercent,
        Optional<Queuing> queuing) {

    /// @param handSize into how many of the queues the requests of one flow go
    /// @param lengthLimit how many requests wait in one queue
    record Queuing(int queues, int handSize, int lengthLimit) {
        Queuing {
            queues = Math.max(1, queues);
            handSize = Math.clamp(handSize, 1, queues);
        }
    }

    static PriorityLevel of(String name, String uid, JsonNode spec) {
        boolean exempt = spec.path("type").asText().equals("Exempt");
        var part = spec.path(exempt ? "exempt" : "limited");
        var queuing = part.path("limitResponse").path("queuing");
        var borrowing = part.path("borrowingLimitPercent");
        return new PriorityLevel(
                name,
                uid,
                exempt,
                part.path("nominalConcurrencyShares").asInt(exempt ? 0 : 30),
                part.path("lendablePercent").asInt(0),
                borrowing.isInt() ? OptionalInt.of(borrowing.asInt()) : OptionalInt.empty(),
                part.path("limitResponse").path("type").asText().equals("Queue")
                        ? Optional.of(new Queuing(
                                queuing.path("queues").asInt(64),
                                queuing.path("handSize").asInt(8),
                                queuing.path("queueLengthLimit").asInt(50)))
                        : Optional.empty());
    }
}
