package dev.kapal.model;

import dev.kapal.model.schedule.GoDuration;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The formats that a schema can ask of a text. An unknown format is not checked. Any thread. Source: kube-openapi's
/// `strfmt`, as custom resources support it.
public final class StringFormats {
    private static final Pattern DATE_TIME = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(\\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})?");
    private static final Pattern HOSTNAME = Pattern.compile(
            "([a-zA-Z0-9\\p{L}]([a-zA-Z0-9\\p{L}-]{0,61}[a-zA-Z0-9\\p{L}])?)(\\.[a-zA-Z0-9\\p{L}]([a-zA-Z0-9\\p{L}-]{0,61}"
                    + "[a-zA-Z0-9\\p{L}])?)*\\.?");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s<>(),;:\\\\\"]+@[^@\\s<>(),;:\\\\\"]+");
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");
    private static final Pattern DURATION_WORDS = Pattern.compile(
            "-?([0-9]+\\s*(nano|ns|us|µs|micro|milli|ms|sec|s|min|m|hour|hr|h|day|d|week|wk|w)s?\\s*)++"); // possessive: no recursion
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile("(" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern MAC = Pattern.compile("([0-9A-Fa-f]{2}[:-]){5}([0-9A-Fa-f]{2})"
            + "|([0-9A-Fa-f]{2}[:-]){7}([0-9A-Fa-f]{2})|([0-9A-Fa-f]{4}\\.){2}[0-9A-Fa-f]{4}");
    private static final Pattern HEX_COLOR = Pattern.compile("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})");
    private static final Pattern RGB_COLOR =
            Pattern.compile("rgb\\(\\s*" + OCTET + "\\s*,\\s*" + OCTET + "\\s*,\\s*" + OCTET + "\\s*\\)");

    private static final Map<String, Predicate<String>> FORMATS = Map.ofEntries(
            Map.entry("date", StringFormats::isDate),
            Map.entry("date-time", StringFormats::isDateTime),
            Map.entry("datetime", StringFormats::isDateTime),
            Map.entry("duration", StringFormats::isDuration),
            Map.entry("byte", text -> BASE64.matcher(text).matches()),
            Map.entry("uri", StringFormats::isUri),
            Map.entry("email", text -> EMAIL.matcher(text).matches()),
            Map.entry(
                    "hostname",
                    text -> text.length() <= 255 && HOSTNAME.matcher(text).matches()),
            Map.entry("ipv4", text -> IPV4.matcher(text).matches()),
            Map.entry("ipv6", StringFormats::isIpv6),
            Map.entry("cidr", StringFormats::isCidr),
            Map.entry("mac", text -> MAC.matcher(text).matches()),
            Map.entry("uuid", text -> is(text, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")),
            Map.entry(
                    "uuid3", text -> is(text, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}")),
            Map.entry(
                    "uuid4",
                    text -> is(text, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")),
            Map.entry(
                    "uuid5",
                    text -> is(text, "(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")),
            Map.entry("bsonobjectid", text -> is(text, "[0-9a-fA-F]{24}")),
            Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
            Map.entry("isbn10", StringFormats::isIsbn10),
            Map.entry("isbn13", StringFormats::isIsbn13),
            Map.entry("creditcard", StringFormats::isCreditCard),
            Map.entry("ssn", text -> is(text, "[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}")),
            Map.entry("hexcolor", text -> HEX_COLOR.matcher(text).matches()),
            Map.entry("rgbcolor", text -> RGB_COLOR.matcher(text).matches()),
            Map.entry("k8s-short-name", text -> Names.dns1123Label(text).isEmpty()),
            Map.entry("k8s-long-name", text -> Names.dns1123Subdomain(text).isEmpty()));

    private StringFormats() {}

    /// Whether `text` has the format; any text has an unknown one.
    public static boolean matches(String format, String text) {
        var check = FORMATS.get(normalized(format));
        return check == null || check.test(text);
    }

    public static boolean isKnown(String format) {
        return FORMATS.containsKey(normalized(format)) || format.equals("password");
    }

    private static boolean is(String text, String regex) {
        return Pattern.matches(regex, text);
    }

    private static String normalized(String format) {
        return FORMATS.containsKey(format) ? format : format.replace("-", "");
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeParseException no) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        var match = DATE_TIME.matcher(text);
        if (!match.matches() || !isDate(match.group(1))) {
            return false;
        }
        try {
            LocalTime.parse(match.group(2));
            return true;
        } catch (DateTimeParseException no) {
            return false;
        }
    }

    private static boolean isDuration(String text) {
        return GoDuration.parse(text).isPresent()
                || DURATION_WORDS.matcher(text).matches();
    }

    private static boolean isUri(String text) {
        try {
            var uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException no) {
            return false;
        }
    }

    private static boolean isIpv6(String text) {
        int groups = text.split(":", -1).length;
        boolean compressed = text.contains("::") && text.indexOf("::") == text.lastIndexOf("::");
        int lastColon = text.lastIndexOf(':');
        boolean endsInV4 =
                lastColon >= 0 && IPV4.matcher(text.substring(lastColon + 1)).matches();
        var rest = endsInV4 ? text.substring(0, lastColon + 1) + "0:0" : text;
        groups += endsInV4 ? 1 : 0;
        return is(rest, "[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,8}")
                && (compressed ? groups <= 9 && !rest.contains(":::") : groups == 8 && !rest.contains("::"))
                && (compressed || !rest.startsWith(":") && !rest.endsWith(":"));
    }

    private static boolean isCidr(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || !is(text.substring(slash + 1), "[0-9]{1,3}")) {
            return false;
        }
        var address = text.substring(0, slash);
        int prefix = Integer.parseInt(text.substring(slash + 1));
        return IPV4.matcher(address).matches() && prefix <= 32 || isIpv6(address) && prefix <= 128;
    }

    private static boolean isIsbn10(String text) {
        var digits = text.replaceAll("[\\s-]", "");
        if (!is(digits, "[0-9]{9}[0-9X]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
        }
        return sum % 11 == 0;
    }

    private static boolean isIsbn13(String text) {
        var digits = text.replaceAll("[\\s-]", "");
        if (!is(digits, "[0-9]{13}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 13; i++) {
            sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
        }
        return sum % 10 == 0;
    }

    private static boolean isCreditCard(String text) {
        var digits = text.replaceAll("[\\s-]", "");
        if (!is(digits, "[0-9]{13,19}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
