/// Server-side apply: which fields of an object each writer owns, how a configuration is merged into an object, and
/// what
/// becomes of fields that nobody wants any more. Pure functions over documents and schemas. Start with
/// [FieldManagement].
package dev.kapal.model.apply;
