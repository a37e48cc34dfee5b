package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.GoStruct;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.Optional;

/// The drivers of one node; one that is registered is not changed, but removed and registered again.
final class CsiNodeStrategy implements Strategy {
    private static final String SHAPE = "Name NodeID TopologyKeys? Allocatable?{Count?}";
    private static final int ID_LENGTH = 256;

    @Override
    public void check(ObjectNode node, Optional<ObjectNode> stored, Problems problems) {
        var drivers = node.path("spec").path("drivers");
        var names = new HashSet<String>();
        for (int i = 0; i < drivers.size(); i++) {
            checkDriver(Problems.at("spec.drivers", i), drivers.get(i), names, problems);
        }
        stored.ifPresent(before -> checkKept(drivers, before.path("spec").path("drivers"), problems));
    }

    private static void checkDriver(String path, JsonNode driver, HashSet<String> names, Problems problems) {
        var name = driver.path("name").asText("");
        AttachedVolumes.checkDriver(path + ".name", name, problems);
        var id = driver.path("nodeID").asText("");
        if (id.isEmpty()) {
            problems.required(path + ".nodeID", id);
        }
        if (id.length() > ID_LENGTH) {
            problems.invalid(path + ".nodeID", id, "must be " + ID_LENGTH + " characters or less");
        }
        if (driver.path("allocatable").path("count").asLong(0) < 0) {
            problems.invalid(
                    path + ".allocatable.count",
                    driver.path("allocatable").get("count"),
                    "must be greater than or equal to 0");
        }
        if (!names.add(name)) {
            problems.duplicate(path + ".name", name);
        }
        var keys = new HashSet<String>();
        for (var key : driver.path("topologyKeys")) { // upstream names the driver, not the key
            if (key.asText().isEmpty()) {
                problems.required(path, "");
            }
            if (!keys.add(key.asText())) {
                problems.duplicate(path, key.asText());
            }
            problems.invalid(path, key.asText(), Names.qualifiedName(key.asText()));
        }
    }

    private static void checkKept(JsonNode drivers, JsonNode before, Problems problems) {
        for (var old : before) {
            for (var driver : drivers) {
                if (driver.path("name").equals(old.path("name")) && !driver.equals(old)) {
                    problems.invalid("spec.drivers", GoStruct.of(driver, SHAPE), Problems.IMMUTABLE);
                }
            }
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
