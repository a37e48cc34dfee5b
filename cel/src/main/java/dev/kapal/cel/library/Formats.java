package dev.kapal.cel.library;

import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.kapal.model.Names;
import dev.kapal.model.StringFormats;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// `format.named`, `format.dns1123Label()` and its like, `validate`. Source: Kubernetes CEL library, format.
final class Formats {
    static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    private static final Map<String, NamedFormat> ALL = all();

    private Formats() {}

    /// @param problems what is wrong with a text, nothing when it has this format
    record NamedFormat(String name, Function<String, List<String>> problems) {}

    private static Map<String, NamedFormat> all() {
        var all = new LinkedHashMap<String, NamedFormat>();
        add(all, "dns1123Label", "DNS1123Label", Names::dns1123Label);
        add(all, "dns1123Subdomain", "DNS1123Subdomain", Names::dns1123Subdomain);
        add(all, "dns1035Label", "DNS1035Label", Names::dns1035Label);
        add(all, "qualifiedName", "QualifiedName", Names::qualifiedName);
        add(all, "dns1123LabelPrefix", "DNS1123LabelPrefix", prefix -> Names.dns1123Label(completed(prefix)));
        add(all, "dns1123SubdomainPrefix", "DNS1123SubdomainPrefix", p -> Names.dns1123Subdomain(completed(p)));
        add(all, "dns1035LabelPrefix", "DNS1035LabelPrefix", prefix -> Names.dns1035Label(completed(prefix)));
        add(all, "labelValue", "LabelValue", Names::labelValue);
        add(all, "uri", "URI", Formats::uri);
        add(all, "uuid", "uuid", text -> as("uuid", text, "does not match the UUID format"));
        add(all, "byte", "byte", text -> as("byte", text, "invalid base64"));
        add(all, "date", "date", text -> as("date", text, "invalid date"));
        add(all, "datetime", "datetime", text -> as("date-time", text, "invalid datetime"));
        return all;
    }

    private static void add(
            Map<String, NamedFormat> all, String key, String name, Function<String, List<String>> problems) {
        all.put(key, new NamedFormat(name, problems));
    }

    static FunctionSet functions() {
        var set = new FunctionSet()
                .member(
                        "validate",
                        "format-validate",
                        OptionalType.create(ListType.create(SimpleType.STRING)),
                        List.of(FORMAT, SimpleType.STRING),
                        args -> validate((NamedFormat) args[0], (String) args[1]))
                .global(
                        "format.named",
                        "format-named",
                        OptionalType.create(FORMAT),
                        List.of(SimpleType.STRING),
                        args -> Optional.ofNullable(ALL.get((String) args[0])));
        ALL.forEach((name, format) -> set.global("format." + name, "format." + name, FORMAT, List.of(), _ -> format));
        return set;
    }

    private static Optional<List<String>> validate(NamedFormat format, String text) {
        var problems = format.problems().apply(text);
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
    }

    /// Something will be appended to a prefix, so it may end in a dash.
    private static String completed(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 1) + "a" : prefix;
    }

    private static List<String> as(String format, String text, String problem) {
        return StringFormats.matches(format, text) ? List.of() : List.of(problem);
    }

    private static List<String> uri(String text) {
        try {
            var uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/")
                    ? List.of()
                    : List.of("parse \"" + text + "\": invalid URI for request");
        } catch (URISyntaxException e) {
            return List.of("parse \"" + text + "\": " + e.getReason());
        }
    }
}
