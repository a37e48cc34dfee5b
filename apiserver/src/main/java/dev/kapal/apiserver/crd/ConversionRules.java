package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.ClientConfigRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.io.ByteArrayInputStream;
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
        ClientConfigRules.check(CLIENT, config, problems);
        bundle(config);
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
