/// Secrets that hold a token of a service account. Start at [TokenSecretReconciler].
package dev.kapal.controllers.token;
