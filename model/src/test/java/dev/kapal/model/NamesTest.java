package dev.kapal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NamesTest {
    private static final String LABEL =
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end"
                    + " with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private static final String SUBDOMAIN =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
                    + " and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private static final String NAME_PART =
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
                    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    record Case(String name, Function<String, List<String>> check, String value, List<String> problems) {
        @Override
        public String toString() {
            return name + " " + value;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("label", Names::dns1123Label, "my-name", List.of()),
                new Case("label", Names::dns1123Label, "My_Name", List.of(LABEL)),
                new Case("label", Names::dns1123Label, "", List.of(LABEL)),
                new Case("label", Names::dns1123Label, "a.b", List.of("must not contain dots")),
                new Case("service subdomain", Names::serviceSubdomain, "_sip._tcp.example.com", List.of()),
                new Case(
                        "header",
                        Names::httpHeader,
                        "a b",
                        List.of("a valid HTTP header must consist of alphanumeric characters or '-' (e.g."
                                + " 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')")),
                new Case("label", Names::dns1123Label, "a".repeat(64), List.of("must be no more than 63 characters")),
                new Case("subdomain", Names::dns1123Subdomain, "a.b-c.d", List.of()),
                new Case("subdomain", Names::dns1123Subdomain, "a..b", List.of(SUBDOMAIN)),
                new Case("service", Names::dns1035Label, "abc-1", List.of()),
                new Case(
                        "service",
                        Names::dns1035Label,
                        "1abc",
                        List.of("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
                                + " an alphabetic character, and end with an alphanumeric character (e.g. 'my-name', "
                                + " or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')")),
                new Case("qualified", Names::qualifiedName, "example.com/MyName", List.of()),
                new Case("qualified", Names::qualifiedName, "", List.of("name part must be non-empty", NAME_PART)),
                new Case("qualified", Names::qualifiedName, "/a", List.of("prefix part must be non-empty")),
                new Case("qualified", Names::qualifiedName, "A/a", List.of("prefix part " + SUBDOMAIN)),
                new Case("qualified", Names::qualifiedName, "a b", List.of(NAME_PART)),
                new Case("label value", Names::labelValue, "", List.of()),
                new Case("label value", Names::labelValue, "v1.2_3", List.of()),
                new Case("path segment", Names::pathSegment, "..", List.of("may not be '..'")),
                new Case(
                        "path segment",
                        Names::pathSegment,
                        "a/b%",
                        List.of("may not contain '/'", "may not contain '%'")),
                new Case("path segment", Names::pathSegment, "system:node", List.of()),
                new Case("config key", Names::configMapKey, "..x", List.of("must not start with '..'")),
                new Case("config key", Names::configMapKey, "app.conf", List.of()),
                new Case("port", Names::portName, "http", List.of()),
                new Case("port", Names::portName, "8080", List.of("must contain at least one letter (a-z)")),
                new Case(
                        "port",
                        Names::portName,
                        "a--b-",
                        List.of("must not contain consecutive hyphens", "must not begin or end with a hyphen")),
                new Case("env", Names::envVarName, "my.VAR-1", List.of()),
                new Case(
                        "env",
                        Names::envVarName,
                        "a=b",
                        List.of(
                                "a valid environment variable name must consist only of printable ASCII characters other than"
                                        + " '='")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersInUpstreamsWords(Case c) {
        assertThat(c.check().apply(c.value())).isEqualTo(c.problems());
    }

    @Test
    void generatedNamesStayLabels() {
        var name = Names.generate("a".repeat(80) + "-", new Random(7));
        assertThat(name).hasSize(63);
        assertThat(Names.dns1123Label(name)).isEmpty();
        assertThat(Names.generate("web-", new Random(7))).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
    }
}
