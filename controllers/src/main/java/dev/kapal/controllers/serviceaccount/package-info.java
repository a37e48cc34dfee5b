/// Gives each namespace its "default" ServiceAccount. See [ServiceAccountReconciler].
package dev.kapal.controllers.serviceaccount;
