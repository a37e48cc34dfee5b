/// What a resource is: its names ([GroupVersionKind], [GroupVersionResource]), its [ResourceDefinition] in the
/// [ResourceRegistry] and its compiled [Schema]; and the small values that documents are made of ([Quantity], [Names],
/// [Problem]). Start reading at [ResourceDefinition].
package dev.kapal.model;
