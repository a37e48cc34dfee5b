package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A service account names its secrets and nothing else of them; a delete answers with the object.
final class ServiceAccountStrategy implements Strategy {
    private static final String MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

    @Override
    public void onCreate(ObjectNode account) {
        keepNames(account);
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        keepNames(incoming);
    }

    private static void keepNames(ObjectNode account) {
        for (var secret : account.path("secrets")) {
            ((ObjectNode) secret).retain("name");
        }
    }

    @Override
    public List<String> warnings(ObjectNode account) {
        return account.path("metadata").path("annotations").has(MOUNTABLE)
                ? List.of("metadata.annotations[" + MOUNTABLE + "]: deprecated in v1.32+; prefer separate namespaces to"
                        + " isolate access to mounted secrets")
                : List.of();
    }

    /// Whoever has it already has been told.
    @Override
    public List<String> warnings(ObjectNode account, ObjectNode stored) {
        return warnings(stored).isEmpty() ? warnings(account) : List.of();
    }

    @Override
    public boolean showsDeleted() {
        return true;
    }
}
