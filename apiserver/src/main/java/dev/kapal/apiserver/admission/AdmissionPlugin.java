package dev.kapal.apiserver.admission;

/// Looks at each write; may change the object or refuse it with an [dev.kapal.apiserver.api.ApiException]. Any
/// thread.
@FunctionalInterface
public interface AdmissionPlugin {
    void admit(AdmissionRequest request) throws InterruptedException;
}
