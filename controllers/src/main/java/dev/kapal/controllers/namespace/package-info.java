/// Empties and ends namespaces that are being deleted. Start at [NamespaceReconciler]; [NamespacedResources] finds what
/// to empty, [Emptying] does it, [NamespaceConditions] tells how far it is.
package dev.kapal.controllers.namespace;
