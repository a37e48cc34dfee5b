package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/// Disks that are reached over iSCSI. Source: core/v1 API reference, ISCSIVolumeSource and ISCSIPersistentVolumeSource;
/// RFC 3720, 3.2.6 for the names.
public final class IscsiRules {
    static final int LONGEST_PORTAL = 64;
    static final String PORTAL_TOO_LONG = "Total length of <volume name>:<iscsi.targetPortal> must be under 64"
            + " characters if iscsi.initiatorName is specified.";
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([a-zA-Z0-9\\-.]+)(:[^,;*&$|\\s]+)$");
    private static final Pattern EUI = Pattern.compile("^eui.[a-zA-Z0-9]{16}$");
    private static final Pattern NAA = Pattern.compile("^naa.[a-zA-Z0-9]{32}$");
    private static final String WRONG = "must be valid format";

    private IscsiRules() {}

    /// As a part of a pod.
    static void checkOfPod(String path, JsonNode source, Problems problems) {
        AttachedVolumes.required(path, source, problems, "targetPortal");
        checkTarget(path, source, WRONG + " starting with iqn, eui, or naa", problems);
        checkInitiator(path, source, WRONG + " starting with iqn, eui, or naa", problems);
    }

    /// As a volume of its own.
    ///
    /// @param volume its name
    public static void checkOfVolume(String path, String volume, JsonNode source, Problems problems) {
        AttachedVolumes.required(path, source, problems, "targetPortal");
        var portal = source.path("targetPortal").asText("");
        if (source.has("initiatorName") && (volume + ":" + portal).length() > LONGEST_PORTAL) {
            problems.invalid(path + ".targetportal", portal, PORTAL_TOO_LONG);
        }
        checkTarget(path, source, WRONG, problems);
        if (source.has("secretRef")) {
            AttachedVolumes.required(path + ".secretRef", source.get("secretRef"), problems, "name");
        }
        checkInitiator(path, source, WRONG, problems);
    }

    private static void checkTarget(String path, JsonNode source, String unknown, Problems problems) {
        var name = source.path("iqn").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".iqn", "");
        } else {
            checkName(path + ".iqn", name, unknown, problems);
        }
        long lun = source.path("lun").asLong(0);
        if (lun < 0 || lun > 255) {
            problems.invalid(path + ".lun", lun, "must be between 0 and 255, inclusive");
        }
        boolean secret = source.path("chapAuthDiscovery").asBoolean()
                || source.path("chapAuthSession").asBoolean();
        if (secret && !source.has("secretRef")) {
            problems.required(path + ".secretRef", "");
        }
    }

    private static void checkInitiator(String path, JsonNode source, String unknown, Problems problems) {
        if (source.has("initiatorName")) {
            checkName(path + ".initiatorname", source.get("initiatorName").asText(), unknown, problems);
        }
    }

    private static void checkName(String path, String name, String unknown, Problems problems) {
        var form = name.startsWith("iqn") ? IQN : name.startsWith("eui") ? EUI : name.startsWith("naa") ? NAA : null;
        if (form == null) {
            problems.invalid(path, name, unknown);
        } else if (!form.matcher(name).find()) {
            problems.invalid(path, name, WRONG);
        }
    }
}
