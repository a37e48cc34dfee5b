package dev.kapal.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.quota.Amounts;
import dev.kapal.model.quota.Scopes;
import java.util.List;

/// One quota: what may be used and what is. Immutable.
///
/// @param hard as its status has it: what the controller has acknowledged
record Account(String name, JsonNode spec, Amounts hard, Amounts used) {

    static Account of(JsonNode quota) {
        return new Account(
                quota.path("metadata").path("name").asText(),
                quota.path("spec"),
                Amounts.of(quota.path("status").path("hard")),
                Amounts.of(quota.path("status").path("used")));
    }

    /// The quota after `charge`, the same when it is not concerned. Throws the refusal.
    Account plus(Charge charge) {
        var request = charge.request();
        var object = request.object().orElseThrow();
        var counting = charge.usage().counting(hard.values().keySet());
        if (counting.isEmpty() || !Scopes.match(spec, request.definition().groupResource(), object)) {
            return this;
        }
        charge.usage().objection(object, counting).ifPresent(why -> {
            throw request.forbidden("failed quota: " + name + ": " + why);
        });
        var unknown = counting.stream()
                .filter(resource -> !used.values().containsKey(resource))
                .toList();
        if (!unknown.isEmpty()) {
            throw request.forbidden(
                    "status unknown for quota: " + name + ", resources: " + String.join(",", sorted(counting)));
        }
        var wanted = charge.delta().only(hard.values().keySet());
        if (wanted.isEmpty()) {
            return this;
        }
        var next = used.plus(wanted);
        var exceeded = next.only(wanted.values().keySet()).exceeding(hard).stream()
                .filter(resource -> wanted.values().get(resource).amount().signum() > 0)
                .toList();
        if (!exceeded.isEmpty()) {
            throw request.forbidden("exceeded quota: " + name + ", requested: " + wanted.only(exceeded) + ", used: "
                    + used.only(exceeded) + ", limited: " + hard.only(exceeded));
        }
        return new Account(name, spec, hard, next);
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }
}
