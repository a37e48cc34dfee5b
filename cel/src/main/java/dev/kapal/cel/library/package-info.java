/// The functions that Kubernetes adds to the language, one class per library. Start with
/// [dev.kapal.cel.library.Libraries].
package dev.kapal.cel.library;
