package dev.kapal.apiserver.authz;

import java.util.ArrayList;
import java.util.List;

/// What a user may do, as a list. Immutable.
///
/// @param incomplete whether there may be more than the list says
/// @param errors why it is incomplete
public record Rules(List<PolicyRule> rules, boolean incomplete, List<String> errors) {
    public static final Rules NONE = new Rules(List.of(), false, List.of());

    public Rules {
        rules = List.copyOf(rules);
        errors = List.copyOf(errors);
    }

    /// For an authorizer that decides without being able to list.
    public static Rules unknown(String who) {
        return new Rules(List.of(), true, List.of(who + " does not support user rule resolution"));
    }

    public Rules and(Rules other) {
        var all = new ArrayList<>(rules);
        all.addAll(other.rules);
        var why = new ArrayList<>(errors);
        why.addAll(other.errors);
        return new Rules(all, incomplete || other.incomplete, why);
    }
}
