/// Pod Security Standards: what pods may ask for in a namespace, by labels of that namespace. Start at [PodSecurity].
/// The checks are in [BaselineChecks] and [RestrictedChecks], which of them count in [Standard].
package dev.kapal.apiserver.admission.podsecurity;
