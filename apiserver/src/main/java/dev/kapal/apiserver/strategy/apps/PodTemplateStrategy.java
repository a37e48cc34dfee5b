package dev.kapal.apiserver.strategy.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AlphaFields;
import dev.kapal.apiserver.strategy.PodRules;
import dev.kapal.apiserver.strategy.PodWarnings;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import java.util.List;
import java.util.Optional;

/// A template that stands alone; its generation counts changes of the template.
final class PodTemplateStrategy implements Strategy {
    @Override
    public void onCreate(ObjectNode incoming) {
        AlphaFields.drop(incoming.path("template"));
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        AlphaFields.drop(incoming.path("template"), stored.path("template"));
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        PodRules.checkTemplate("template", candidate.path("template"), problems);
    }

    @Override
    public boolean asksForSame(ObjectNode one, ObjectNode other) {
        return one.path("template").equals(other.path("template"));
    }

    @Override
    public List<String> warnings(ObjectNode candidate) {
        return PodWarnings.ofTemplate("template", candidate.path("template"));
    }

    @Override
    public List<String> warnings(ObjectNode candidate, ObjectNode stored) {
        return asksForSame(candidate, stored) ? List.of() : warnings(candidate);
    }
}
