/// Removes pods that nobody will end: of nodes that are gone, ended ones beyond a number. See [PodGcReconciler].
package dev.kapal.controllers.podgc;
