package dev.kapal.apiserver.strategy.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.AttachedVolumes;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.regex.Pattern;

/// Names that the kinds of this group share, and opaque parameters. Source: resource.k8s.io/v1 API reference.
final class DeviceNames {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final int DRIVER_LENGTH = 63;
    private static final int IDENTIFIER_LENGTH = 32;
    private static final int POOL_LENGTH = 253;
    private static final int KEY_LENGTH = DRIVER_LENGTH + 1 + IDENTIFIER_LENGTH;
    private static final int PARAMETERS = 10 * 1024;

    private DeviceNames() {}

    static void checkDriver(String path, String driver, Problems problems) {
        AttachedVolumes.checkDriver(path, driver, problems); // the same rules
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
        var parts = name.split("/", -1); // of three or more upstream says nothing
        if (parts.length == 1) {
            checkIdentifier(path, name, problems);
        } else if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                problems.required(path, "the domain must not be empty");
            } else {
                checkDriver(path, parts[0], problems);
            }
            if (parts[1].isEmpty()) {
                problems.required(path, "the name must not be empty");
            } else {
                checkIdentifier(path, parts[1], problems);
            }
        }
        if (qualified && parts.length == 1) {
            problems.invalid(path, name, "must include a domain");
        }
    }

    private static void checkIdentifier(String path, String identifier, Problems problems) {
        if (identifier.length() > IDENTIFIER_LENGTH) {
            problems.tooLong(path, IDENTIFIER_LENGTH);
        }
        if (!IDENTIFIER.matcher(identifier).matches()) {
            problems.wrongType(
                    path,
                    identifier,
                    "a valid C identifier must start with alphabetic character or '_', followed by a string of"
                            + " alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for"
                            + " validation is '[A-Za-z_][A-Za-z0-9_]*')");
        }
    }

    /// A key as paths show it: what is too long loses its middle.
    static String shown(String key) {
        if (key.length() <= KEY_LENGTH) {
            return key;
        }
        int rest = KEY_LENGTH - 3;
        return key.substring(0, (rest + 1) / 2) + "..." + key.substring(key.length() - rest / 2);
    }

    /// One entry of a configuration.
    static void checkConfiguration(String path, JsonNode configuration, Problems problems) {
        if (!configuration.has("opaque")) {
            problems.required(path + ".opaque", "");
            return;
        }
        var opaque = configuration.get("opaque");
        checkDriver(path + ".opaque.driver", opaque.path("driver").asText(""), problems);
        checkParameters(path + ".opaque.parameters", opaque.path("parameters"), problems);
    }

    /// What only a driver understands.
    static void checkParameters(String path, JsonNode parameters, Problems problems) {
        if (parameters.isMissingNode() || parameters.isNull()) {
            problems.required(path, "");
        } else if (Documents.json(parameters).length > PARAMETERS) {
            problems.tooLong(path, PARAMETERS);
        } else if (!parameters.isObject()) {
            problems.invalid(path, "<value omitted>", "parameters must be a valid JSON object");
        }
    }
}
