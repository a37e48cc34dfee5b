/// The fabric8 client wired for Kapal, and what every reconciler runs on.
///
/// [Clients] opens a connection; [Informers] keeps one [Cache] per kind from a list and a watch; a [Reconciler]
/// names its [Wake]s and is run by a [ReconcilerRunner] through a [WorkQueue]; [Api] writes; [EventRecorder]
/// tells people.
package dev.kapal.client;
