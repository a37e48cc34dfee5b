/// Publishes whom to trust as the API server. See [ServerTrustReconciler].
package dev.kapal.controllers.trustbundle;
