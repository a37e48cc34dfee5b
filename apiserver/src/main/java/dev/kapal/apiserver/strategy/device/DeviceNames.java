package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.Locale;
import java.util.regex.Pattern;

/// Names that the kinds of this group share, and opaque parameters. Source: resource.k8s.io/v1 API reference.
final class DeviceNames {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int DRIVER_LENGTH = 63;
    private static final int IDENTIFIER_LENGTH = 32;
    private static final int POOL_LENGTH = 253;
    private static final int PARAMETERS = 10 * 1024;

    private DeviceNames() {}

    static void checkDriver(String path, String driver, Problems problems) {
        if (driver.isEmpty()) {
            problems.required(path, "");
            return;
        }
        if (driver.length() > DRIVER_LENGTH) {
            problems.tooLong(path, DRIVER_LENGTH);
        }
        problems.invalid(path, driver, Names.dns1123Subdomain(driver.toLowerCase(Locale.ROOT)));
    }

    static void checkPool(String path, String pool, Problems problems) {
        if (pool.isEmpty()) {
            problems.required(path, "");
            return;
        }
        if (pool.length() > POOL_LENGTH) {
            problems.tooLong(path, POOL_LENGTH);
        }
        for (var part : pool.split("/", -1)) {
            problems.invalid(path, pool, Names.dns1123Subdomain(part));
        }
    }

    /// `name` or `domain/name`.
    ///
    /// @param qualified whether the domain must be there
    static void checkQualified(String path, String name, boolean qualified, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path, "name required");
            return;
        }
        var parts = name.split("/", -1);
        if (parts.length == 1 && qualified) {
            problems.invalid(path, name, "must include a domain");
            return;
        }
        if (parts.length > 2) {
            problems.invalid(path, name, "a valid name must consist of an optional domain and a C identifier");
            return;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                problems.required(path, "the domain must not be empty");
            } else {
                checkDriver(path, parts[0], problems);
            }
        }
        var identifier = parts[parts.length - 1];
        if (identifier.isEmpty()) {
            problems.required(path, "the name must not be empty");
        } else if (!IDENTIFIER.matcher(identifier).matches()) {
            problems.invalid(
                    path,
                    identifier,
                    "a valid C identifier must start with alphabetic character or '_', followed by a string of"
                            + " alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for"
                            + " validation is '[A-Za-z_][A-Za-z0-9_]*')");
        }
        if (identifier.length() > IDENTIFIER_LENGTH) {
            problems.tooLong(path, IDENTIFIER_LENGTH);
        }
    }

    /// One entry of a configuration.
    static void checkConfiguration(String path, JsonNode configuration, Problems problems) {
        if (!configuration.has("opaque")) {
            problems.required(path, "exactly one value is required");
            return;
        }
        var opaque = configuration.get("opaque");
        checkDriver(path + ".opaque.driver", opaque.path("driver").asText(""), problems);
        var parameters = opaque.path("parameters");
        var at = path + ".opaque.parameters";
        if (parameters.isMissingNode() || parameters.isNull()) {
            problems.required(at, "");
        } else if (!parameters.isObject()) {
            problems.invalid(at, "<value omitted>", "must be a valid JSON object");
        } else if (Documents.json(parameters).length > PARAMETERS) {
            problems.tooLong(at, PARAMETERS);
        }
    }
}
