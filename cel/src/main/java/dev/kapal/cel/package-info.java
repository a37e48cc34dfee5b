/// Expressions in the Common Expression Language over documents, as Kubernetes uses them in custom resources, admission
/// and authentication. Start with [dev.kapal.cel.CelEnvironment]: it declares variables and compiles; a
/// [dev.kapal.cel.CelProgram] evaluates within a [dev.kapal.cel.CostBudget]. Source: Common Expression Language in
/// Kubernetes, v1.34; the language is `dev.cel`'s.
package dev.kapal.cel;
