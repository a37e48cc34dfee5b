/// Tokens by which machines join: their signatures on what the cluster publishes about itself, and their end. Start at
/// [BootstrapSignerReconciler].
package dev.kapal.controllers.bootstrap;
