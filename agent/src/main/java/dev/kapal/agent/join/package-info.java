/// How a machine becomes a node of a cluster that runs elsewhere: it finds out whom to trust ([Discovery]), gets its
/// certificates through the API ([CertificateClient]) and renews them for as long as it runs ([NodeCertificates]).
package dev.kapal.agent.join;
