package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes of `/status`: the status changes, and what of the metadata anybody may change; the rest stays.
final class StatusStrategy implements Strategy {
    private static final String STATUS = "status";

    private final Strategy kind;

    StatusStrategy(Strategy kind) {
        this.kind = kind;
    }

    @Override
    public boolean writesStatus() {
        return true;
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        var fields = new ArrayList<String>();
        incoming.fieldNames().forEachRemaining(fields::add);
        stored.fieldNames().forEachRemaining(fields::add);
        for (var field : fields) {
            if (!field.equals(STATUS) && !field.equals("metadata")) {
                Copies.field(field, stored, incoming);
            }
        }
        kind.keptByStatus()
                .forEach(
                        field -> Copies.field(field, stored.withObject("/metadata"), incoming.withObject("/metadata")));
        kind.onStatusUpdate(incoming, stored);
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        stored.ifPresent(before -> kind.checkStatus(candidate, before, problems));
    }

    @Override
    public List<String> warnings(ObjectNode candidate, ObjectNode stored) {
        return kind.statusWarnings(candidate);
    }

    @Override
    public List<String> nameProblems(String name) {
        return kind.nameProblems(name);
    }

    @Override
    public boolean limitsFinalizers() {
        return kind.limitsFinalizers();
    }

    @Override
    public boolean isHeld(ObjectNode object) {
        return kind.isHeld(object);
    }

    @Override
    public boolean updatesUnconditionally() {
        return kind.updatesUnconditionally();
    }
}
