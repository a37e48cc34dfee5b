package dev.kapal.apiserver.table;

import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import java.util.Map;

/// The printer of every kind. Any thread.
public final class Tables {
    private static final Printer PLAIN = new PlainPrinter();

    private final Map<GroupVersionKind, Printer> printers = Map.of();

    public Printer of(ResourceDefinition definition) {
        return printers.getOrDefault(definition.groupVersionKind(), PLAIN);
    }
}
