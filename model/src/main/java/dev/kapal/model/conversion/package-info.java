/// How the versions of Kubernetes' own resources turn into each other: one [Spoke] for each version that is not stored
/// and differs from the stored one. Pure, on documents. Start at [BuiltInConversions].
package dev.kapal.model.conversion;
