package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.PrinterColumn;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.select.JsonPath;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Prints what a custom resource's columns lead to: the first value of each. Source: additionalPrinterColumns.
record ColumnPrinter(List<PrinterColumn> columns) implements Printer {
    /// Grows with the columns in use; a few thousand at most.
    private static final Map<String, JsonPath> PATHS = new ConcurrentHashMap<>();

    private static final int KEPT = 10_000;

    @Override
    public void print(ObjectNode object, Instant now, ArrayNode cells) {
        for (var column : columns) {
            cell(column, object, now, cells);
        }
    }

    private static JsonPath path(String text) {
        if (PATHS.size() > KEPT) {
            PATHS.clear();
        }
        return PATHS.computeIfAbsent(text, JsonPath::parse);
    }

    private static void cell(PrinterColumn column, ObjectNode object, Instant now, ArrayNode cells) {
        var found = find(column, object);
        if (found.isEmpty()) {
            cells.addNull();
            return;
        }
        var value = found.getFirst();
        switch (column.type()) {
            case "string" -> cells.add(text(value));
            case "integer" ->
                addIf(value.isNumber(), value.isIntegralNumber() ? value : cells.numberNode(value.asLong()), cells);
            case "number" -> addIf(value.isNumber(), value, cells);
            case "boolean" -> addIf(value.isBoolean(), value, cells);
            case "date" -> date(value, now, cells);
            default -> cells.addNull();
        }
    }

    private static List<JsonNode> find(PrinterColumn column, ObjectNode object) {
        try {
            return path(column.jsonPath()).find(object);
        } catch (RuntimeException malformed) {
            return List.of(); // accepted long ago, by whoever that was
        }
    }

    private static void addIf(boolean fits, JsonNode value, ArrayNode cells) {
        if (fits) {
            cells.add(value);
        } else {
            cells.addNull();
        }
    }

    private static String text(JsonNode value) {
        if (value.isContainerNode()) {
            return Documents.text(value);
        }
        return value.isNull() ? "<nil>" : value.asText();
    }

    private static void date(JsonNode value, Instant now, ArrayNode cells) {
        if (!value.isTextual()) {
            cells.addNull();
            return;
        }
        var since = Cells.since(value, now);
        cells.add(since.equals(Cells.UNKNOWN) && !value.textValue().isEmpty() ? "<invalid>" : since);
    }
}
