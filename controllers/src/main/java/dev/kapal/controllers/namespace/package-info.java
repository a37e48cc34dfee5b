/// Empties and ends namespaces that are being deleted. Start at [NamespaceReconciler]; [Emptying] empties,
/// [NamespaceConditions] tells how far it is.
package dev.kapal.controllers.namespace;
