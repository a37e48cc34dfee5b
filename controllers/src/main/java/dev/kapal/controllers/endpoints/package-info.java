/// Keeps the Endpoints object of each Service, the older form of EndpointSlices that many tools still read. Start at
/// [EndpointsReconciler]; [Subsets] is the pure part.
package dev.kapal.controllers.endpoints;
