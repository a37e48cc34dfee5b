package dev.kapal.cel.library;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.List;

/// `find` and `findAll`. Expressions are RE2's, so that their time is linear. Source: Kubernetes CEL library, regex.
final class Regexes {
    private Regexes() {}

    static FunctionSet functions() {
        return new FunctionSet()
                .member(
                        "find",
                        "string_find_string",
                        SimpleType.STRING,
                        List.of(SimpleType.STRING, SimpleType.STRING),
                        args -> find((String) args[0], (String) args[1]))
                .member(
                        "findAll",
                        "string_find_all_string",
                        ListType.create(SimpleType.STRING),
                        List.of(SimpleType.STRING, SimpleType.STRING),
                        args -> findAll((String) args[0], (String) args[1], -1))
                .member(
                        "findAll",
                        "string_find_all_string_int",
                        ListType.create(SimpleType.STRING),
                        List.of(SimpleType.STRING, SimpleType.STRING, SimpleType.INT),
                        args -> findAll((String) args[0], (String) args[1], (Long) args[2]));
    }

    private static Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("Illegal regex: " + e.getMessage());
        }
    }

    private static String find(String text, String regex) {
        var matcher = compile(regex).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    /// @param limit how many are wanted, negative for all
    private static List<String> findAll(String text, String regex, long limit) {
        var matcher = compile(regex).matcher(text);
        var found = new ArrayList<String>();
        while ((limit < 0 || found.size() < limit) && matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }
}
