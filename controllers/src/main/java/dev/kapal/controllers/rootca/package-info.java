/// Publishes the cluster's CA into each namespace. See [RootCaReconciler].
package dev.kapal.controllers.rootca;
