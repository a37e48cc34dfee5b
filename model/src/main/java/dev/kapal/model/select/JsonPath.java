package dev.kapal.model.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A path into a document as Kubernetes writes it: `.spec.replicas`, `.metadata.labels['a\.b']`,
/// `.status.conditions[?(@.type=="Ready")].status`. Immutable, any thread. Source: kubectl, JSONPath support.
public final class JsonPath {
    /// Far beyond any real path, far within any thread's stack: filters can hold paths with filters.
    private static final int MOST_LENGTH = 4096;

    private final List<Step> steps;

    /// One step from some nodes to others.
    private sealed interface Step {
        record Field(String name) implements Step {}

        record Fields(List<String> names) implements Step {}

        record Index(int index) implements Step {}

        /// `[from:to:by]`; both ends may be left out or count from the end.
        record Slice(Optional<Integer> from, Optional<Integer> to, int by) implements Step {}

        record All() implements Step {}

        record Descend() implements Step {}

        /// `[?(@.path op literal)]`; without an operator the path must exist.
        record Filter(JsonPath left, String operator, Operand right) implements Step {}
    }

    private sealed interface Operand {
        record Literal(Object value) implements Operand {}

        record Path(JsonPath path) implements Operand {}
    }

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /// Throws [SelectorException] for what is no path.
    public static JsonPath parse(String text) {
        if (text.length() > MOST_LENGTH) {
            throw new SelectorException("path is longer than " + MOST_LENGTH + " characters");
        }
        return new Parser(text).path();
    }

    /// All nodes that the path leads to; a field that is not there leads nowhere.
    public List<JsonNode> find(JsonNode document) {
        List<JsonNode> nodes = List.of(document);
        for (var step : steps) {
            var next = new ArrayList<JsonNode>();
            nodes.forEach(node -> follow(step, node, next));
            nodes = next;
        }
        return nodes;
    }

    private static void follow(Step step, JsonNode node, List<JsonNode> next) {
        switch (step) {
            case Step.Field(var name) -> add(node.get(name), next);
            case Step.Fields(var names) -> names.forEach(name -> add(node.get(name), next));
            case Step.Index(int index) -> {
                int at = index < 0 ? node.size() + index : index;
                add(node.isArray() && at >= 0 ? node.get(at) : null, next);
            }
            case Step.Slice(var from, var to, int by) -> slice(node, from, to, by, next);
            case Step.All _ -> node.forEach(next::add);
            case Step.Descend _ -> descend(node, next);
            case Step.Filter filter ->
                node.forEach(item -> {
                    if (passes(filter, item)) {
                        next.add(item);
                    }
                });
        }
    }

    private static void add(JsonNode node, List<JsonNode> next) {
        if (node != null) {
            next.add(node);
        }
    }

    private static void slice(
            JsonNode node, Optional<Integer> from, Optional<Integer> to, int by, List<JsonNode> next) {
        if (!node.isArray() || by <= 0) {
            return;
        }
        int end = Math.min(fromEnd(to.orElse(node.size()), node.size()), node.size());
        for (int i = Math.max(0, fromEnd(from.orElse(0), node.size())); i < end; i += by) {
            next.add(node.get(i));
        }
    }

    private static int fromEnd(int index, int size) {
        return index < 0 ? size + index : index;
    }

    private static void descend(JsonNode node, List<JsonNode> next) {
        next.add(node);
        node.forEach(child -> {
            if (child.isContainerNode()) {
                descend(child, next);
            }
        });
    }

    private static boolean passes(Step.Filter filter, JsonNode item) {
        var left = filter.left().find(item);
        if (filter.operator().isEmpty()) {
            return !left.isEmpty();
        }
        if (left.size() != 1) {
            return false;
        }
        var right = switch (filter.right()) {
            case Operand.Literal(var value) -> value;
            case Operand.Path(var path) -> {
                var found = path.find(item);
                yield found.size() == 1 ? value(found.getFirst()) : null;
            }
        };
        return compare(value(left.getFirst()), filter.operator(), right);
    }

    private static Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case NUMBER -> node.decimalValue();
            case BOOLEAN -> node.booleanValue();
            default -> node;
        };
    }

    private static boolean compare(Object left, String operator, Object right) {
        if (operator.equals("==") || operator.equals("!=")) {
            boolean same = left instanceof BigDecimal a && right instanceof BigDecimal b
                    ? a.compareTo(b) == 0
                    : left.equals(right);
            return same == operator.equals("==");
        }
        int order;
        if (left instanceof BigDecimal a && right instanceof BigDecimal b) {
            order = a.compareTo(b);
        } else if (left instanceof String a && right instanceof String b) {
            order = a.compareTo(b);
        } else {
            return false;
        }
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /// Reads one path from left to right.
    private static final class Parser {
        private static final int MOST_DIGITS = 100;
        private static final List<String> OPERATORS = List.of("==", "!=", "<=", ">=", "<", ">");

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        JsonPath path() {
            var steps = new ArrayList<Step>();
            if (peek('$') || peek('@')) {
                at++;
            }
            while (at < text.length()) {
                step(steps);
            }
            return new JsonPath(steps);
        }

        private boolean peek(char c) {
            return at < text.length() && text.charAt(at) == c;
        }

        private void step(List<Step> steps) {
            if (peek('[')) {
                steps.add(bracket(inside('[', ']')));
                return;
            }
            if (!peek('.') && at > 0) {
                throw wrong();
            }
            if (peek('.')) {
                at++;
            }
            if (peek('.')) {
                at++;
                steps.add(new Step.Descend());
            }
            if (at == text.length() || peek('[')) {
                return;
            }
            if (peek('*')) {
                at++;
                steps.add(new Step.All());
                return;
            }
            steps.add(new Step.Field(name()));
        }

        /// Up to the next dot or bracket; a backslash takes the meaning from what follows.
        private String name() {
            var name = new StringBuilder();
            while (at < text.length() && !peek('.') && !peek('[')) {
                if (peek('\\') && at + 1 < text.length()) {
                    at++;
                }
                name.append(text.charAt(at++));
            }
            if (name.isEmpty()) {
                throw wrong();
            }
            return name.toString();
        }

        /// What stands between two brackets, which may hold brackets and texts.
        private String inside(char open, char close) {
            int from = ++at;
            int depth = 1;
            char quote = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (quote != 0) {
                    if (c == '\\') {
                        at++;
                    } else if (c == quote) {
                        quote = 0;
                    }
                } else if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == open) {
                    depth++;
                } else if (c == close && --depth == 0) {
                    return text.substring(from, at++);
                }
                at++;
            }
            throw new SelectorException("unterminated array");
        }

        private Step bracket(String body) {
            var inner = body.strip();
            if (inner.equals("*")) {
                return new Step.All();
            }
            if (inner.startsWith("?(") && inner.endsWith(")")) {
                return filter(inner.substring(2, inner.length() - 1).strip());
            }
            if (inner.startsWith("'") || inner.startsWith("\"")) {
                return new Step.Fields(quoted(inner));
            }
            try {
                return inner.contains(":") ? slice(inner.split(":", -1)) : new Step.Index(Integer.parseInt(inner));
            } catch (NumberFormatException no) {
                throw new SelectorException("invalid array index " + inner);
            }
        }

        private static Step slice(String[] parts) {
            return new Step.Slice(
                    number(parts[0]),
                    number(parts[1]),
                    parts.length > 2 ? number(parts[2]).orElse(1) : 1);
        }

        private static Optional<Integer> number(String text) {
            return text.isBlank() ? Optional.empty() : Optional.of(Integer.parseInt(text.strip()));
        }

        private static List<String> quoted(String list) {
            var names = new ArrayList<String>();
            int at = 0;
            while (at < list.length()) {
                char quote = list.charAt(at);
                if (quote == ',' || quote == ' ') {
                    at++;
                    continue;
                }
                var name = new StringBuilder();
                for (at++; at < list.length() && list.charAt(at) != quote; at++) {
                    if (list.charAt(at) == '\\' && at + 1 < list.length()) {
                        at++;
                    }
                    name.append(list.charAt(at));
                }
                at++;
                names.add(name.toString());
            }
            return names;
        }

        private Step filter(String condition) {
            for (int i = 0; i < condition.length(); i++) {
                for (var operator : OPERATORS) {
                    if (condition.startsWith(operator, i)) {
                        var left = condition.substring(0, i).strip();
                        var right = condition.substring(i + operator.length()).strip();
                        return new Step.Filter(parse(left), operator, operand(right));
                    }
                }
            }
            return new Step.Filter(parse(condition), "", new Operand.Literal(""));
        }

        private Operand operand(String word) {
            if (word.startsWith("@") || word.startsWith("$")) {
                return new Operand.Path(parse(word));
            }
            if (word.startsWith("'") || word.startsWith("\"")) {
                return new Operand.Literal(String.join("", quoted(word)));
            }
            if (word.equals("true") || word.equals("false")) {
                return new Operand.Literal(Boolean.valueOf(word));
            }
            if (word.length() > MOST_DIGITS) {
                throw wrong();
            }
            try {
                return new Operand.Literal(new BigDecimal(word));
            } catch (NumberFormatException no) {
                throw wrong();
            }
        }

        private SelectorException wrong() {
            return new SelectorException("unrecognized character in path: " + text);
        }
    }
}
