/// The cluster's certificates: its authorities, what they issue, and TLS contexts made of both. Start at
/// [ClusterPki],
/// which knows the files; [CertificateAuthority] issues, [TlsContexts] uses.
package dev.kapal.pki;
