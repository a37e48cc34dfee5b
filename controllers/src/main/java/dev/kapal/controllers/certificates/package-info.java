/// Requests for certificates: approves those of joining nodes, signs what is approved, removes what is over. Start at
/// [CertificateSigningReconciler]; [SignerRules] holds what each signer asks for.
package dev.kapal.controllers.certificates;
