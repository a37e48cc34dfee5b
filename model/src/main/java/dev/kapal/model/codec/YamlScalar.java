package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/// What a plain YAML word means: YAML 1.1 with the reading of upstream's library (octal `0644` and `0o644`,
/// yes/no/on/off,
/// dates stay text).
final class YamlScalar {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Resolver RESOLVER = new Resolver();
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    /// Of whole numbers that are kept exactly.
    private static final int MOST_DIGITS = 100;

    private YamlScalar() {}

    static JsonNode convert(ScalarNode node) {
        var text = node.getValue();
        var implied = RESOLVER.resolve(NodeId.scalar, text, true);
        boolean saysString = node.getTag().equals(Tag.STR) && !implied.equals(Tag.STR);
        if (!isUnicode(text)) {
            throw YamlFormat.failure("found invalid Unicode character escape code");
        }
        return node.getScalarStyle() != ScalarStyle.PLAIN || saysString ? NODES.textNode(text) : plain(text);
    }

    /// Escapes can name halves of surrogate pairs.
    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    /// Whether a plain word stays text.
    static boolean isText(String word) {
        return plain(word).isTextual();
    }

    private static JsonNode plain(String text) {
        if (NULL.contains(text)) {
            return NODES.nullNode();
        }
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return NODES.booleanNode(TRUE.contains(text));
        }
        var digits = text.replace("_", "");
        var integer = INTEGER.matcher(digits);
        if (integer.matches()) {
            return integer(integer);
        }
        if (FLOAT.matcher(digits).matches()) {
            return decimal(digits, text);
        }
        return NODES.textNode(text);
    }

    private static JsonNode decimal(String digits, String text) {
        double number = Double.parseDouble(digits);
        return Double.isFinite(number) ? NODES.numberNode(number) : NODES.textNode(text);
    }

    private static JsonNode integer(Matcher match) {
        int[] radix = {16, 2, 8, 10};
        for (int i = 0; i < radix.length; i++) {
            var digits = match.group(i + 2);
            if (digits != null && digits.length() > MOST_DIGITS) {
                return radix[i] == 10 ? decimal(match.group(), match.group()) : NODES.textNode(match.group());
            }
            if (digits != null) {
                var value = new BigInteger(match.group(1) + digits, radix[i]);
                if (value.bitLength() < Integer.SIZE) {
                    return NODES.numberNode(value.intValue());
                }
                return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
            }
        }
        return NODES.numberNode(0);
    }
}
