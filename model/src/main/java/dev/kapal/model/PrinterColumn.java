package dev.kapal.model;

/// One column of the `Table` form of a resource.
///
/// @param type `string`, `integer`, `number`, `boolean` or `date`
/// @param format `name` marks the column that identifies the object, otherwise empty
/// @param priority 0 is always shown, greater ones only in wide output
/// @param jsonPath where the value stands, for resources defined at run time; empty for built-in kinds, whose cells are
///   computed
public record PrinterColumn(
        String name, String type, String format, String description, int priority, String jsonPath) {}
