package dev.kapal.apiserver.strategy.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.flow.DefaultObjects;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How many requests of a level run at once, and what happens to the others. Source: API reference,
/// flowcontrol.apiserver.k8s.io/v1, PriorityLevelConfiguration.
final class PriorityLevelStrategy implements Strategy {
    private static final String EXEMPT = "exempt";
    private static final String LIMITED = "spec.limited";
    private static final String QUEUING = LIMITED + ".limitResponse.queuing";
    private static final int MOST_QUEUES = 10_000_000;
    /// How many bits of a flow's hash choose its queues.
    private static final int HASH_BITS = 60;

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var name = candidate.path("metadata").path("name").asText("");
        var spec = candidate.path("spec");
        var type = spec.path("type").asText("");
        if (name.equals(EXEMPT) != type.equals("Exempt")) {
            problems.invalid("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'");
        }
        switch (type) {
            case "Exempt" -> checkExempt(spec, problems);
            case "Limited" -> checkLimited(spec, problems);
            default -> problems.notSupported("spec.type", type, List.of("Exempt", "Limited"));
        }
        var fixed = DefaultObjects.mandatory("prioritylevelconfigurations", name);
        if (fixed.isPresent() && !fixed.get().isAskedBy((ObjectNode) spec)) {
            var but = name.equals(EXEMPT) ? " except the 'spec.exempt' field" : "";
            problems.invalid("spec", spec, "spec of '" + name + "'" + but + " must equal the fixed value");
        }
    }

    private static void checkExempt(JsonNode spec, Problems problems) {
        if (spec.has("limited")) {
            problems.forbidden(LIMITED, "must be nil if the type is not Limited");
        }
        if (spec.has(EXEMPT)) {
            checkShares("spec.exempt", spec.get(EXEMPT), problems);
            checkLendable("spec.exempt", spec.get(EXEMPT), problems);
        } else {
            problems.required("spec.exempt", "must not be empty when type is Exempt");
        }
    }

    private static void checkLimited(JsonNode spec, Problems problems) {
        if (spec.has(EXEMPT)) {
            problems.forbidden("spec.exempt", "must be nil if the type is Limited");
        }
        var limited = spec.path("limited");
        if (!limited.isObject()) {
            problems.required(LIMITED, "must not be empty when type is Limited");
            return;
        }
        checkShares(LIMITED, limited, problems);
        checkResponse(limited.path("limitResponse"), problems);
        checkLendable(LIMITED, limited, problems);
        long borrowing = limited.path("borrowingLimitPercent").asLong();
        if (borrowing < 0) {
            problems.invalid(
                    LIMITED + ".borrowingLimitPercent", borrowing, "if specified, must be a non-negative integer");
        }
    }

    private static void checkShares(String path, JsonNode level, Problems problems) {
        long shares = level.path("nominalConcurrencyShares").asLong();
        if (shares < 0) {
            problems.invalid(path + ".nominalConcurrencyShares", shares, "must be a non-negative integer");
        }
    }

    private static void checkLendable(String path, JsonNode level, Problems problems) {
        long percent = level.path("lendablePercent").asLong();
        if (percent < 0 || percent > 100) {
            problems.invalid(path + ".lendablePercent", percent, "must be between 0 and 100, inclusive");
        }
    }

    private static void checkResponse(JsonNode response, Problems problems) {
        var type = response.path("type").asText("");
        switch (type) {
            case "Reject" -> {
                if (response.has("queuing")) {
                    problems.forbidden(QUEUING, "must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (response.has("queuing")) {
                    checkQueuing(response.get("queuing"), problems);
                } else {
                    problems.required(QUEUING, "must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> problems.notSupported(LIMITED + ".limitResponse.type", type, List.of("Queue", "Reject"));
        }
    }

    private static void checkQueuing(JsonNode queuing, Problems problems) {
        checkPositive("queueLengthLimit", queuing, problems);
        int queues = queuing.path("queues").asInt();
        checkPositive("queues", queuing, problems);
        if (queues > MOST_QUEUES) {
            problems.invalid(QUEUING + ".queues", queues, "must not be greater than " + MOST_QUEUES);
        }
        int hand = queuing.path("handSize").asInt();
        checkPositive("handSize", queuing, problems);
        int bits = (int) Math.ceil(Math.log(queues) / Math.log(2) * hand);
        if (hand > queues) {
            problems.invalid(QUEUING + ".handSize", hand, "should not be greater than queues (" + queues + ")");
        } else if (hand > 0 && bits > HASH_BITS) {
            problems.invalid(
                    QUEUING + ".handSize",
                    hand,
                    "required entropy bits of deckSize " + queues + " and handSize " + hand
                            + " should not be greater than " + HASH_BITS);
        }
    }

    private static void checkPositive(String field, JsonNode queuing, Problems problems) {
        long value = queuing.path(field).asLong();
        if (value <= 0) {
            problems.invalid(QUEUING + "." + field, value, "must be positive");
        }
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        FlowConditions.check(candidate.path("status").path("conditions"), problems);
    }
}
