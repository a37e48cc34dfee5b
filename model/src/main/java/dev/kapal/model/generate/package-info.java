/// Runs when this module is built, never in a server: reads the classes of the official Java models and writes the
/// compact schema files that [dev.kapal.model.Schema] is served from. Start at [SchemaGenerator].
package dev.kapal.model.generate;
