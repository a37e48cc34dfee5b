/// What is special about each kind: one file per kind. Start at [Strategy]; [Strategies] lists them. Kinds without a
/// file
/// use [PlainStrategy].
///
/// Strategies work on documents, not on typed models: a write is decoded once and encoded once, and no object
/// mapper is
/// loaded at start.
package dev.kapal.apiserver.strategy;
