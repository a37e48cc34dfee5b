/// Tells which pods stand behind each Service. Start at [EndpointSliceReconciler]; [MirrorReconciler] does the same for
/// hand-written Endpoints. [ServicePods] decides which pods count and how, [SlicePlan] spreads them over slices.
package dev.kapal.controllers.endpointslice;
