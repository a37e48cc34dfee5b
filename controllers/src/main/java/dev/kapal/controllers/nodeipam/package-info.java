/// Gives each node its range of pod addresses. See [NodeIpamReconciler].
package dev.kapal.controllers.nodeipam;
