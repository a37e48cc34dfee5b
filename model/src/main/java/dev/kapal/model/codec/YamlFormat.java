package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.scanner.ScannerException;

/// YAML in and out. Only the first document of a stream is read, as upstream does.
final class YamlFormat {
    /// The same thing in the words of the library that upstream uses.
    private static final Map<String, String> WORDS =
            Map.of("mapping values are not allowed here", "mapping values are not allowed in this context");

    private static final YAMLFactory WRITER = YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .stringQuotingChecker(new AmbiguousWords())
            .build();

    private YamlFormat() {}

    /// Quotes also the words that only upstream's reader takes for something else than text.
    private static final class AmbiguousWords extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteName(String name) {
            return super.needToQuoteName(name) || !YamlScalar.isText(name);
        }

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || !YamlScalar.isText(value);
        }
    }

    static JsonNode read(byte[] body, List<String> duplicates) {
        var tree = new YamlTree();
        var value = tree.convert(compose(body));
        if (!tree.duplicates().isEmpty()) {
            duplicates.add("yaml: unmarshal errors:\n" + String.join("\n", tree.duplicates()));
        }
        return value;
    }

    private static Node compose(byte[] body) {
        var options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setMaxAliasesForCollections(Integer.MAX_VALUE); // YamlTree counts what aliases expand to
        options.setNestingDepthLimit(Documents.MAX_DEPTH);
        options.setAllowRecursiveKeys(false);
        try {
            var reader = new StreamReader(new StringReader(text(body)));
            var composer = new Composer(new ParserImpl(reader, options), new Resolver(), options);
            return composer.checkNode() ? composer.getNode() : null;
        } catch (MarkedYAMLException e) {
            throw failure(line(e) + WORDS.getOrDefault(e.getProblem(), e.getProblem()));
        } catch (ReaderException e) {
            throw failure("control characters are not allowed");
        } catch (YAMLException e) {
            throw failure(e.getMessage());
        } catch (NumberFormatException e) {
            // the library's own slip, at an escape that the text's end cuts short
            throw failure("did not find expected hexdecimal number");
        } catch (IllegalArgumentException e) {
            // the library's own again, at a tag that escapes spaces
            throw failure("did not find expected tag URI");
        }
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw failure("invalid leading UTF-8 octet");
        }
    }

    static DecodeException failure(String problem) {
        return new DecodeException("error converting YAML to JSON: yaml: " + problem);
    }

    /// Upstream counts the scanner's errors from one, the parser's from zero, and does not name a line that is zero.
    private static String line(MarkedYAMLException e) {
        int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
        if (line == 0) {
            return "";
        }
        return "line " + (e instanceof ScannerException ? line + 1 : line) + ": ";
    }

    static byte[] write(JsonNode document) {
        var bytes = new ByteArrayOutputStream();
        try (var out = WRITER.createGenerator(bytes)) {
            Documents.write(out, document, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
