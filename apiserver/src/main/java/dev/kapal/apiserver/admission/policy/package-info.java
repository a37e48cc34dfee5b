/// Policies written as expressions: ValidatingAdmissionPolicy and MutatingAdmissionPolicy, put to work by bindings.
/// Start at [ValidatingPolicies] and [MutatingPolicies].
package dev.kapal.apiserver.admission.policy;
