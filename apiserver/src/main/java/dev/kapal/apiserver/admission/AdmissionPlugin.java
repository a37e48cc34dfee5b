package dev.kapal.apiserver.admission;

/// Looks at writes and at connections to nodes, pods and services. A plugin implements one phase or both. Any thread.
///
/// A refusal is an [dev.kapal.apiserver.api.ApiException]. The second round of a mutating phase (see [Reinvocation])
/// calls plugins again, so each must change nothing where it has nothing to change.
public sealed interface AdmissionPlugin permits AdmissionPlugin.Mutating, AdmissionPlugin.Validating {

    /// As upstream names it in flags and metrics.
    String name();

    /// Before the kind's own rules: may change the object in place, may refuse.
    non-sealed interface Mutating extends AdmissionPlugin {
        void mutate(AdmissionRequest request) throws InterruptedException;
    }

    /// After the kind's own rules, on the object as it would be stored: may only refuse.
    non-sealed interface Validating extends AdmissionPlugin {
        void validate(AdmissionRequest request) throws InterruptedException;
    }
}
