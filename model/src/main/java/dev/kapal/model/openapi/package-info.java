/// The OpenAPI documents of what a registry holds: version 2 as JSON and as gnostic's protobuf, version 3 for each
/// group version.
/// Start reading at [OpenApi].
package dev.kapal.model.openapi;
