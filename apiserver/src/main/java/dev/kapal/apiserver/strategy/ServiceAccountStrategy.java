package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// A service account names its secrets and nothing else of them; a delete answers with the object.
final class ServiceAccountStrategy implements Strategy {
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
    public boolean showsDeleted() {
        return true;
    }
}
