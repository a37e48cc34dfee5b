/// Lets go of volumes and claims that nobody uses any more: takes away the finalizers that admission gave them.
package dev.kapal.controllers.storageprotection;
