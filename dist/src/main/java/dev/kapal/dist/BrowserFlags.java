package dev.kapal.dist;

import dev.kapal.apiserver.edge.BrowserRules;
import dev.kapal.cli.Refusal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// What the API server says to browsers. Names are upstream's.
final class BrowserFlags {
    @Option(
            names = "--strict-transport-security-directives",
            paramLabel = "DIRECTIVES",
            split = ",",
            description = "tells browsers to come back over TLS only: max-age=31536000,includeSubDomains,preload")
    private List<String> transportSecurity = List.of();

    @Option(
            names = "--cors-allowed-origins",
            paramLabel = "PATTERNS",
            split = ",",
            description = "the pages whose scripts may call the server, as regular expressions such as"
                    + " //example\\.com(:|$)")
    private List<String> origins = List.of();

    BrowserRules rules() {
        transportSecurity.forEach(BrowserFlags::requireDirective);
        return new BrowserRules(
                transportSecurity, origins.stream().map(BrowserFlags::pattern).toList());
    }

    private static void requireDirective(String directive) {
        if (directive.isBlank()) {
            throw new Refusal("empty value in strict-transport-security-directives");
        }
        boolean known = List.of("includeSubDomains", "preload").contains(directive)
                || directive.startsWith("max-age=") && directive.indexOf('=') == directive.lastIndexOf('=');
        if (!known) {
            throw new Refusal("--strict-transport-security-directives invalid, allowed values: max-age=expireTime,"
                    + " includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more"
                    + " information");
        }
    }

    /// One that fits a part of a host's name would let strangers in who choose a longer one.
    private static Pattern pattern(String origin) {
        if (origin.isEmpty()) {
            throw new Refusal("empty value in --cors-allowed-origins");
        }
        boolean begins = Stream.of("^", "//").anyMatch(origin::contains);
        boolean ends = Stream.of("$", ":").anyMatch(origin::contains);
        try {
            var pattern = Pattern.compile(origin);
            if (!begins || !ends) {
                throw new Refusal(
                        "--cors-allowed-origins has an invalid regular expression: regular expression does not"
                                + " pin to start/end of host in the origin header");
            }
            return pattern;
        } catch (PatternSyntaxException broken) {
            throw new Refusal("--cors-allowed-origins has an invalid regular expression: " + broken.getDescription());
        }
    }
}
