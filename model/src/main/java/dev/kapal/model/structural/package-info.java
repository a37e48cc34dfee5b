/// Schemas that are made at run time, of custom resources: OpenAPI v3 in structural form, with Kubernetes' extensions.
/// Start with [dev.kapal.model.structural.StructuralSchema]; what a document must fulfil is in
/// [dev.kapal.model.structural.ValueRules]. Source: Kubernetes, structural schemas; kube-openapi's validation.
package dev.kapal.model.structural;
