package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is special about CustomResourceDefinitions. One that is deleted stays, Terminating, until its objects are gone:
/// the mark brings the finalizer with it.
public final class CrdStrategy implements Strategy {
    private final InstantSource time;

    public CrdStrategy(InstantSource time) {
        this.time = time;
    }

    @Override
    public void onCreate(ObjectNode incoming) {
        var status = incoming.putObject("status");
        status.putArray("conditions");
        status.putObject("acceptedNames").put("plural", "").put("kind", "");
        status.putArray("storedVersions");
        rememberStorage(incoming);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        if (incoming.has("status")) {
            incoming.set("status", incoming.get("status").deepCopy()); // it is the stored one's
        }
        rememberStorage(incoming);
    }

    /// Objects may lie in the store in each version that was ever the stored one.
    private static void rememberStorage(ObjectNode crd) {
        for (var version : new Crd(crd).versions()) {
            var stored = crd.withObject("/status").withArray("storedVersions");
            boolean known = false;
            for (var name : stored) {
                known |= name.asText().equals(version.name());
            }
            if (version.isStored() && !known) {
                stored.add(version.name());
            }
        }
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.dns1123Subdomain(name);
    }

    @Override
    public boolean limitsFinalizers() {
        return false;
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        new CrdRules(new Crd(candidate), stored.map(Crd::new), problems).check();
    }

    @Override
    public void checkStatus(ObjectNode candidate, ObjectNode stored, Problems problems) {
        CrdRules.checkNames(candidate.path("status").path("acceptedNames"), "status.acceptedNames", problems);
    }

    @Override
    public List<String> warnings(ObjectNode candidate) {
        return UnknownFormats.of(new Crd(candidate)).stream()
                .map(CrdStrategy::unrecognized)
                .toList();
    }

    @Override
    public List<String> warnings(ObjectNode candidate, ObjectNode stored) {
        var before = UnknownFormats.of(new Crd(stored));
        return UnknownFormats.of(new Crd(candidate)).stream()
                .filter(format -> !before.contains(format))
                .map(CrdStrategy::unrecognized)
                .toList();
    }

    private static String unrecognized(String format) {
        return "unrecognized format \"" + format + "\"";
    }

    /// The first delete only marks; after that the finalizer decides.
    @Override
    public boolean isHeld(ObjectNode crd) {
        return !Meta.of(crd).isDeleting();
    }

    @Override
    public void onDelete(ObjectNode marked) {
        Meta.of(marked).remove("deletionGracePeriodSeconds");
        if (new Crd(marked).is(Crd.TERMINATING)
                || Crd.condition(marked, Crd.TERMINATING).isPresent()) {
            return;
        }
        var finalizers = new ArrayList<>(Meta.of(marked).finalizers());
        if (!finalizers.contains(Crd.FINALIZER)) {
            finalizers.add(Crd.FINALIZER);
            Meta.of(marked).finalizers(finalizers);
        }
        Crd.set(
                marked,
                Crd.TERMINATING,
                true,
                "InstanceDeletionPending",
                "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
                time.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
