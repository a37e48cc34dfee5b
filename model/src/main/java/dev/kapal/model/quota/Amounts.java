package dev.kapal.model.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Quantity;
import dev.kapal.model.codec.Documents;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/// Amounts of several resources by name (`ResourceList`). Immutable.
public record Amounts(SortedMap<String, Quantity> values) {
    public static final Amounts NONE = new Amounts(new TreeMap<>());

    public Amounts {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /// Reads `{cpu: 100m, …}`; a missing node holds nothing. Throws [IllegalArgumentException].
    public static Amounts of(JsonNode list) {
        if (list.isEmpty()) {
            return NONE;
        }
        var values = new TreeMap<String, Quantity>();
        for (var amount : list.properties()) {
            values.put(amount.getKey(), Quantity.parse(amount.getValue().asText()));
        }
        return new Amounts(values);
    }

    public static Amounts count(String... names) {
        var values = new TreeMap<String, Quantity>();
        for (var name : names) {
            values.put(name, count(1));
        }
        return new Amounts(values);
    }

    static Quantity count(long number) {
        return Quantity.parse(Long.toString(number));
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public Amounts with(String name, Quantity amount) {
        var result = new TreeMap<>(values);
        result.put(name, amount);
        return new Amounts(result);
    }

    /// These, and those of `other` in their place where both have one.
    public Amounts overlaid(Amounts other) {
        return merged(other, (mine, theirs) -> theirs);
    }

    public Amounts plus(Amounts other) {
        return merged(other, Quantity::add);
    }

    /// The greater of both, name by name.
    public Amounts max(Amounts other) {
        return merged(other, (one, two) -> one.compareTo(two) >= 0 ? one : two);
    }

    private Amounts merged(Amounts other, BinaryOperator<Quantity> both) {
        if (other.isEmpty()) {
            return this;
        }
        var result = new TreeMap<>(values);
        other.values.forEach((name, amount) -> result.merge(name, amount, both));
        return new Amounts(result);
    }

    public Amounts minus(Amounts other) {
        var result = new TreeMap<>(values);
        other.values.forEach(
                (name, amount) -> result.merge(name, Quantity.ZERO.subtract(amount), (mine, lost) -> mine.add(lost)));
        return new Amounts(result);
    }

    /// Each of them `count` times.
    public Amounts times(long count) {
        var result = new TreeMap<String, Quantity>();
        values.forEach((name, amount) ->
                result.put(name, new Quantity(amount.amount().multiply(BigDecimal.valueOf(count)), amount.format())));
        return new Amounts(result);
    }

    /// Only those with one of these names.
    public Amounts only(Collection<String> names) {
        var result = new TreeMap<>(values);
        result.keySet().retainAll(names);
        return new Amounts(result);
    }

    public Amounts withoutZeros() {
        var result = new TreeMap<>(values);
        result.values().removeIf(amount -> amount.amount().signum() == 0);
        return new Amounts(result);
    }

    /// The names for which this is more than `limits`; what has no limit cannot exceed it.
    public Collection<String> exceeding(Amounts limits) {
        return values.entrySet().stream()
                .filter(entry -> {
                    var limit = limits.values.get(entry.getKey());
                    return limit != null && entry.getValue().compareTo(limit) > 0;
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    public Collection<String> negative() {
        return values.entrySet().stream()
                .filter(entry -> entry.getValue().amount().signum() < 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Whether both name the same amounts, however they are written.
    public boolean isSame(Amounts other) {
        return values.keySet().equals(other.values.keySet())
                && values.entrySet().stream()
                        .allMatch(entry -> entry.getValue().compareTo(other.values.get(entry.getKey())) == 0);
    }

    public ObjectNode document() {
        var document = Documents.object();
        values.forEach((name, amount) -> document.put(name, amount.toString()));
        return document;
    }

    /// `cpu=1,memory=1Gi`, as messages have it.
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
