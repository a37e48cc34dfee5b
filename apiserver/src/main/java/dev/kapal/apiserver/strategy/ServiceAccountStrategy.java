package dev.kapal.apiserver.strategy;

/// A service account: an update or delete answers with the object.
final class ServiceAccountStrategy implements Strategy {
    @Override
    public boolean showsDeleted() {
        return true;
    }
}
