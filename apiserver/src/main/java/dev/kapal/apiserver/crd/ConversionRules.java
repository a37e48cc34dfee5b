package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a definition says that its versions are converted.
final class ConversionRules {
    private static final Set<String> KNOWN_REVIEWS = Set.of("v1", "v1beta1");
    private static final String PATH = "spec.conversion";
    private static final String CLIENT = PATH + ".webhookClientConfig";

    private final Crd crd;
    private final Optional<Crd> old;
    private final Problems problems;

    ConversionRules(Crd crd, Optional<Crd> old, Problems problems) {
        this.crd = crd;
        this.old = old;
        this.problems = problems;
    }

    void check() {
        var conversion = crd.conversion();
        if (conversion.isMissingNode()) {
            return;
        }
        var strategy = conversion.path("strategy").asText("");
        problems.oneOf(PATH + ".strategy", strategy, List.of("None", "Webhook"));
        var webhook = conversion.path("webhook");
        if (strategy.equals("Webhook")) {
            client(webhook.path("clientConfig"));
            reviews(webhook.path("conversionReviewVersions"));
        } else {
            if (webhook.has("clientConfig")) {
                problems.forbidden(CLIENT, "should not be set when strategy is not set to Webhook");
            }
            if (!webhook.path("conversionReviewVersions").isEmpty()) {
                problems.forbidden(
                        PATH + ".conversionReviewVersions", "should not be set when strategy is not set to Webhook");
            }
        }
    }

    private void client(JsonNode config) {
        if (config.isMissingNode()) {
            problems.required(CLIENT, "required when strategy is set to Webhook");
            return;
        }
        if (config.has("url") == config.has("service")) {
            problems.required(CLIENT, "exactly one of url or service is required");
        } else if (config.has("url")) {
            url(config.path("url").asText());
        } else {
            service(config.path("service"));
        }
        bundle(config);
    }

    private void url(String text) {
        var path = CLIENT + ".url";
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            problems.required(
                    path,
                    "url must be a valid URL: " + malformed.getMessage() + "; desired format: https://host[/path]");
            return;
        }
        var form = "; desired format: https://host[/path]";
        if (!"https".equals(url.getScheme())) {
            var scheme = url.getScheme() == null ? "" : url.getScheme();
            problems.invalid(path, scheme, "'https' is the only allowed URL scheme" + form);
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            problems.invalid(path, "", "host must be specified" + form);
        }
        if (url.getUserInfo() != null) {
            problems.invalid(path, url.getUserInfo(), "user information is not permitted in the URL");
        }
        if (url.getFragment() != null) {
            problems.invalid(path, url.getFragment(), "fragments are not permitted in the URL");
        }
        if (url.getQuery() != null) {
            problems.invalid(path, url.getQuery(), "query parameters are not permitted in the URL");
        }
    }

    private void service(JsonNode service) {
        var path = CLIENT + ".service";
        if (service.path("name").asText("").isEmpty()) {
            problems.required(path + ".name", "service name is required");
        }
        if (service.path("namespace").asText("").isEmpty()) {
            problems.required(path + ".namespace", "service namespace is required");
        }
        long port = service.path("port").asLong(443);
        if (port < 1 || port > 65535) {
            problems.invalid(path + ".port", port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        if (!service.has("path")) {
            return;
        }
        var urlPath = service.path("path").asText();
        if (!urlPath.startsWith("/")) {
            problems.invalid(path + ".path", urlPath, "must start with a '/'");
            return;
        }
        if (urlPath.equals("/")) {
            return;
        }
        var inner = urlPath.endsWith("/") ? urlPath.substring(1, urlPath.length() - 1) : urlPath.substring(1);
        var segments = inner.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].isEmpty()) {
                problems.invalid(path + ".path", urlPath, "segment[" + i + "] may not be empty");
                continue;
            }
            for (var detail : Names.dns1123Subdomain(segments[i])) {
                problems.invalid(path + ".path", urlPath, "segment[" + i + "]: " + detail);
            }
        }
    }

    /// A wrong bundle is let through until the definition is established, and while it was wrong before.
    private void bundle(JsonNode config) {
        var bundle = config.path("caBundle").asText("");
        if (bundle.isEmpty() || old.isEmpty() || !old.get().is(Crd.ESTABLISHED) || isBundle(bundle)) {
            return;
        }
        var before = old.get()
                .conversion()
                .path("webhook")
                .path("clientConfig")
                .path("caBundle")
                .asText("");
        if (before.isEmpty() || isBundle(before)) {
            problems.invalid(
                    CLIENT + ".caBundle",
                    bundle,
                    "unable to load root certificates: unable to parse bytes as PEM block");
        }
    }

    static boolean isBundle(String base64) {
        try {
            var pem = Base64.getMimeDecoder().decode(base64);
            var certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            return !certificates.isEmpty();
        } catch (CertificateException | IllegalArgumentException no) {
            return false;
        }
    }

    private void reviews(JsonNode versions) {
        var path = PATH + ".conversionReviewVersions";
        if (versions.isEmpty()) {
            problems.required(path, "");
            return;
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i).asText();
            if (!seen.add(version)) {
                problems.invalid(path + "[" + i + "]", version, "duplicate version");
            } else {
                problems.invalid(path + "[" + i + "]", version, Names.dns1035Label(version));
            }
        }
        if (seen.stream().noneMatch(KNOWN_REVIEWS::contains)) {
            problems.invalid(path, versions, "must include at least one of v1, v1beta1");
        }
    }
}
