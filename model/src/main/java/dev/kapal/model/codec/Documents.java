package dev.kapal.model.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Trees to bytes and back without the cost of an object mapper at start. Any thread.
public final class Documents {
    /// Objects and lists within each other; far beyond any real document, far within any thread's stack.
    static final int MAX_DEPTH = 500;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private Documents() {}

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Compact JSON in UTF-8.
    public static byte[] json(JsonNode document) {
        try (var bytes = new ByteArrayBuilder(FACTORY._getBufferRecycler(), 1024);
                var out = FACTORY.createGenerator(bytes)) {
            write(out, document, false);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Compact JSON as text, for messages.
    public static String text(JsonNode document) {
        return new String(json(document), StandardCharsets.UTF_8);
    }

    /// JSON for people: one value a line, two blanks deep, a line end at the end.
    public static byte[] pretty(JsonNode document) {
        var indenter = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        try (var bytes = new ByteArrayBuilder(FACTORY._getBufferRecycler(), 4096);
                var out = FACTORY.createGenerator(bytes)) {
            out.setPrettyPrinter(printer);
            write(out, document, false);
            out.flush();
            bytes.write('\n');
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// YAML in UTF-8, fields in alphabetical order.
    public static byte[] yaml(JsonNode document) {
        return YamlFormat.write(document);
    }

    /// Reads JSON that this process wrote itself: anything malformed is a defect.
    public static ObjectNode read(byte[] json) {
        return (ObjectNode) readAny(json);
    }

    /// Reads a file that somebody wrote, in YAML; throws [DecodeException].
    public static JsonNode readYaml(byte[] yaml) {
        return YamlFormat.read(yaml, new ArrayList<>());
    }

    /// Like [#read(byte[])] for what need not be an object.
    public static JsonNode readAny(byte[] json) {
        try (var parser = FACTORY.createParser(json)) {
            return new JsonTree(parser, new ArrayList<>()).read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(JsonGenerator out, JsonNode node, boolean sorted) throws IOException {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject();
                for (var name : fieldNames(node, sorted)) {
                    out.writeFieldName(name);
                    write(out, node.get(name), sorted);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (var item : node) {
                    write(out, item, sorted);
                }
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.textValue());
            case NUMBER -> writeNumber(out, node);
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case BINARY -> out.writeBinary(node.binaryValue());
            case NULL, MISSING, POJO -> out.writeNull();
        }
    }

    private static void writeNumber(JsonGenerator out, JsonNode node) throws IOException {
        switch (node.numberType()) {
            case INT -> out.writeNumber(node.intValue());
            case LONG -> out.writeNumber(node.longValue());
            case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
            case FLOAT, DOUBLE -> out.writeNumber(node.doubleValue());
            case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
        }
    }

    private static Iterable<String> fieldNames(JsonNode node, boolean sorted) {
        if (!sorted) {
            return node::fieldNames;
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        names.sort(null);
        return names;
    }

    /// Whether objects and lists lie deeper within each other than in anything that was read.
    public static boolean isDeep(JsonNode node) {
        return isDeeper(node, MAX_DEPTH);
    }

    private static boolean isDeeper(JsonNode node, int depth) {
        if (!node.isContainerNode()) {
            return false;
        }
        if (depth == 0) {
            return true;
        }
        for (var child : node) {
            if (isDeeper(child, depth - 1)) {
                return true;
            }
        }
        return false;
    }

    /// What is wrong with a JSON text in upstream's words; empty when it is fine.
    public static Optional<String> jsonError(byte[] text) {
        return JsonSyntax.error(text);
    }
}
