package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.net.URI;
import java.net.URISyntaxException;

/// Where a webhook is: exactly one of a URL and a service. Source: apiserver, validation of webhooks' client
/// configurations.
public final class ClientConfigRules {
    private static final String FORM = "; desired format: https://host[/path]";

    private ClientConfigRules() {}

    public static void check(String path, JsonNode client, Problems problems) {
        boolean hasUrl = client.has("url");
        if (hasUrl == client.path("service").isObject()) {
            problems.required(path, "exactly one of url or service is required");
        } else if (hasUrl) {
            checkUrl(path + ".url", client.path("url").asText(), problems);
        } else {
            checkService(path + ".service", client.path("service"), problems);
        }
    }

    private static void checkUrl(String path, String text, Problems problems) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            problems.required(path, "url must be a valid URL: " + malformed.getMessage() + FORM);
            return;
        }
        var scheme = url.getScheme() == null ? "" : url.getScheme();
        if (!scheme.equals("https")) {
            problems.invalid(path, scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            problems.invalid(path, "", "host must be specified" + FORM);
        }
        if (url.getUserInfo() != null) {
            problems.invalid(path, url.getUserInfo(), "user information is not permitted in the URL");
        }
        if (url.getFragment() != null) {
            problems.invalid(path, url.getFragment(), "fragments are not permitted in the URL");
        }
        if (url.getRawQuery() != null) {
            problems.invalid(path, url.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    private static void checkService(String path, JsonNode service, Problems problems) {
        if (service.path("name").asText("").isEmpty()) {
            problems.required(path + ".name", "service name is required");
        }
        if (service.path("namespace").asText("").isEmpty()) {
            problems.required(path + ".namespace", "service namespace is required");
        }
        int port = service.path("port").asInt(443);
        if (port < 1 || port > 65535) {
            problems.invalid(path + ".port", port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        checkPath(path + ".path", service.path("path").asText(""), problems);
    }

    private static void checkPath(String path, String text, Problems problems) {
        if (text.isEmpty() || text.equals("/")) {
            return;
        }
        if (text.equals("//")) {
            problems.invalid(path, text, "segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            problems.invalid(path, text, "must start with a '/'");
        }
        var inner = text.substring(1);
        var segments = (inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            if (segments[i].isEmpty()) {
                problems.invalid(path, text, "segment[" + i + "] may not be empty");
                continue;
            }
            for (var wrong : Names.dns1123Subdomain(segments[i])) {
                problems.invalid(path, text, "segment[" + i + "]: " + wrong);
            }
        }
    }
}
