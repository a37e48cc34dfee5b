package dev.kapal.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The formats of names. Each method answers with upstream's messages, none when the value is fine. Source: RFC 1123,
/// RFC 1035, API conventions.
public final class Names {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SERVICE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

    private static final Format DNS_1123_LABEL = new Format(
            LABEL,
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
                    + " end with an alphanumeric character",
            "my-name",
            "123-abc");
    private static final Format DNS_1123_SUBDOMAIN = new Format(
            LABEL + "(\\." + LABEL + ")*",
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
                    + " start and end with an alphanumeric character",
            "example.com");
    private static final Format SERVICE_SUBDOMAIN = new Format(
            SERVICE_LABEL + "(\\." + SERVICE_LABEL + ")*",
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and"
                    + " must start and end with an alphanumeric character",
            "example.com");
    private static final Format HTTP_HEADER = new Format(
            "[-A-Za-z0-9]+", "a valid HTTP header must consist of alphanumeric characters or '-'", "X-Header-Name");
    private static final Format DNS_1035_LABEL = new Format(
            "[a-z]([-a-z0-9]*[a-z0-9])?",
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                    + " character, and end with an alphanumeric character",
            "my-name",
            "abc-123");
    private static final Format QUALIFIED_NAME = new Format(
            QUALIFIED,
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
                    + " character",
            "MyName",
            "my.name",
            "123-abc");
    private static final Format LABEL_VALUE = new Format(
            "(" + QUALIFIED + ")?",
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character",
            "MyValue",
            "my_value",
            "12345");
    private static final Format CONFIG_KEY = new Format(
            "[-._a-zA-Z0-9]+",
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            "key.name",
            "KEY_NAME",
            "key-name");
    private static final Pattern PORT_NAME = Pattern.compile("[-a-z0-9]+");
    private static final Pattern ENV_VAR_NAME = Pattern.compile("[ -<>-~]+");

    /// No vowels and no digits that look like them, so that no words appear.
    private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX_LENGTH = 5;
    private static final int LABEL_LENGTH = 63;
    private static final int SUBDOMAIN_LENGTH = 253;

    private Names() {}

    /// A pattern and the sentence for what does not match it.
    private record Format(Pattern pattern, String message) {
        Format(String regex, String sentence, String... examples) {
            this(
                    Pattern.compile(regex.endsWith(")*") ? regex + "+" : regex), // possessive: no recursion
                    sentence
                            + Stream.of(examples).collect(Collectors.joining("',  or '", " (e.g. '", "', "))
                            + "regex used for validation is '" + regex + "')");
        }

        void check(String value, List<String> problems) {
            if (!pattern.matcher(value).matches()) {
                problems.add(message);
            }
        }
    }

    public static List<String> dns1123Label(String value) {
        var problems = new ArrayList<String>();
        if (value.length() > LABEL_LENGTH) {
            problems.add(tooLong(LABEL_LENGTH));
        }
        if (value.contains(".") && DNS_1123_SUBDOMAIN.pattern().matcher(value).matches()) {
            problems.add("must not contain dots"); // all else about it is fine
        } else {
            DNS_1123_LABEL.check(value, problems);
        }
        return problems;
    }

    public static List<String> dns1123Subdomain(String value) {
        return limited(value, SUBDOMAIN_LENGTH, DNS_1123_SUBDOMAIN);
    }

    /// A subdomain whose labels may be those of services: `_sip._tcp.example.com`.
    public static List<String> serviceSubdomain(String value) {
        return limited(value, SUBDOMAIN_LENGTH, SERVICE_SUBDOMAIN);
    }

    public static List<String> dns1035Label(String value) {
        return limited(value, LABEL_LENGTH, DNS_1035_LABEL);
    }

    /// `[prefix/]name`: keys of labels and annotations, resource names.
    public static List<String> qualifiedName(String value) {
        var problems = new ArrayList<String>();
        var parts = value.split("/", -1);
        if (parts.length > 2) {
            problems.add("a qualified name " + QUALIFIED_NAME.message()
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return problems;
        }
        if (parts.length == 2) {
            var prefix = parts[0].isEmpty() ? List.of("must be non-empty") : dns1123Subdomain(parts[0]);
            prefix.forEach(p -> problems.add("prefix part " + p));
        }
        var name = parts[parts.length - 1];
        var own = new ArrayList<String>();
        if (name.isEmpty()) {
            own.add("must be non-empty");
        }
        own.addAll(limited(name, LABEL_LENGTH, QUALIFIED_NAME));
        own.forEach(p -> problems.add("name part " + p));
        return problems;
    }

    public static List<String> labelValue(String value) {
        return limited(value, LABEL_LENGTH, LABEL_VALUE);
    }

    /// A name that is one segment of a path (RBAC objects).
    public static List<String> pathSegment(String value) {
        if (value.equals(".") || value.equals("..")) {
            return List.of("may not be '" + value + "'");
        }
        return Stream.of("/", "%")
                .filter(value::contains)
                .map(s -> "may not contain '" + s + "'")
                .toList();
    }

    /// Keys of ConfigMaps and Secrets.
    public static List<String> configMapKey(String value) {
        var problems = limited(value, SUBDOMAIN_LENGTH, CONFIG_KEY);
        if (value.equals(".") || value.equals("..")) {
            problems.add("must not be '" + value + "'");
        } else if (value.startsWith("..")) {
            problems.add("must not start with '..'");
        }
        return problems;
    }

    /// IANA service names: names of container and service ports.
    public static List<String> portName(String value) {
        var problems = new ArrayList<String>();
        if (value.length() > 15) {
            problems.add(tooLong(15));
        }
        if (!PORT_NAME.matcher(value).matches()) {
            problems.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            problems.add("must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            problems.add("must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            problems.add("must not begin or end with a hyphen");
        }
        return problems;
    }

    public static List<String> httpHeader(String value) {
        var problems = new ArrayList<String>();
        HTTP_HEADER.check(value, problems);
        return problems;
    }

    /// Names of environment variables.
    public static List<String> envVarName(String value) {
        if (value.isEmpty()) {
            return List.of("environment variable name must be non-empty");
        }
        return ENV_VAR_NAME.matcher(value).matches()
                ? List.of()
                : List.of("a valid environment variable name must consist only of printable ASCII characters other than"
                        + " '='");
    }

    /// What `metadata.generateName` becomes: five random characters more, the base cut so that the whole is a label.
    public static String generate(String base, RandomGenerator random) {
        int kept = Math.min(base.length(), LABEL_LENGTH - SUFFIX_LENGTH);
        var name = new StringBuilder(base.substring(0, kept));
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            name.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
        }
        return name.toString();
    }

    private static List<String> limited(String value, int length, Format format) {
        var problems = new ArrayList<String>();
        if (value.length() > length) {
            problems.add(tooLong(length));
        }
        format.check(value, problems);
        return problems;
    }

    private static String tooLong(int length) {
        return "must be no more than " + length + " characters";
    }
}
