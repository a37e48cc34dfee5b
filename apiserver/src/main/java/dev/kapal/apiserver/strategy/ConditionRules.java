package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;

/// The conditions of newer kinds (`meta/v1` `Condition`), each type once.
public final class ConditionRules {
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final String REASON_FORM = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
    private static final Pattern REASON = Pattern.compile(REASON_FORM);
    private static final int REASON_LENGTH = 1024;
    private static final int MESSAGE_LENGTH = 32 * 1024;

    private ConditionRules() {}

    public static void check(String path, JsonNode conditions, Problems problems) {
        var types = new HashMap<String, Integer>();
        for (int i = 0; i < conditions.size(); i++) {
            var at = Problems.at(path, i);
            var condition = conditions.get(i);
            var type = condition.path("type").asText("");
            if (types.putIfAbsent(type, i) != null) {
                problems.duplicate(at + ".type", type);
            }
            check(at, type, condition, problems);
        }
    }

    private static void check(String path, String type, JsonNode condition, Problems problems) {
        if (type.isEmpty()) {
            problems.required(path + ".type", "must be set");
        } else {
            problems.invalid(path + ".type", type, Names.qualifiedName(type));
        }
        var status = condition.path("status").asText("");
        if (!STATUSES.contains(status)) {
            problems.notSupported(path + ".status", status, STATUSES);
        }
        problems.notNegative(
                path + ".observedGeneration",
                condition.path("observedGeneration").asLong(0));
        if (condition.path("lastTransitionTime").asText("").isEmpty()) {
            problems.required(path + ".lastTransitionTime", "must be set");
        }
        var reason = condition.path("reason").asText("");
        if (reason.isEmpty()) {
            problems.required(path + ".reason", "must be set");
        } else if (!REASON.matcher(reason).matches()) {
            problems.invalid(
                    path + ".reason",
                    reason,
                    "a condition reason must start with alphabetic character, optionally followed by a string of"
                            + " alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g."
                            + " 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex"
                            + " used for validation is '" + REASON_FORM + "')");
        }
        if (reason.length() > REASON_LENGTH) {
            problems.tooLong(path + ".reason", REASON_LENGTH);
        }
        if (condition.path("message").asText("").length() > MESSAGE_LENGTH) {
            problems.tooLong(path + ".message", MESSAGE_LENGTH);
        }
    }
}
