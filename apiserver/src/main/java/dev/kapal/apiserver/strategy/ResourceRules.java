package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import dev.kapal.model.Quantity;
import java.util.Optional;
import java.util.Set;

/// Names and amounts of resources: what containers ask for, what quotas and ranges limit. Source: API reference,
/// resource names.
public final class ResourceRules {
    private static final String NOT_STANDARD = "must be a standard resource type or fully qualified";
    private static final String HUGE_PAGES = "hugepages-";
    private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> QUOTA = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "persistentvolumeclaims",
            "configmaps",
            "services.nodeports",
            "services.loadbalancers");
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "resourcequotas",
            "services",
            "replicationcontrollers",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");

    private ResourceRules() {}

    /// A name that stands for a resource anywhere.
    public static void checkName(String path, String name, Problems problems) {
        var details = Names.qualifiedName(name);
        problems.invalid(path, name, details);
        if (details.isEmpty() && name.indexOf('/') < 0 && !isStandard(name)) {
            problems.invalid(path, name, NOT_STANDARD);
        }
    }

    private static boolean isStandard(String name) {
        return QUOTA.contains(name) || name.equals("storage") || isHugePages(name) || isQuotaHugePages(name);
    }

    private static boolean isQuotaHugePages(String name) {
        return name.startsWith("requests." + HUGE_PAGES);
    }

    static boolean isHugePages(String name) {
        return name.startsWith(HUGE_PAGES);
    }

    /// A name that a container may ask for.
    public static void checkContainerName(String path, String name, Problems problems) {
        checkName(path, name, problems);
        if (name.indexOf('/') < 0) {
            if (!CONTAINER.contains(name) && !isHugePages(name)) {
                problems.invalid(path, name, "must be a standard resource for containers");
            }
        } else if (!isNative(name) && !isExtended(name)) {
            problems.invalid(path, name, "doesn't follow extended resource name standard");
        }
    }

    public static void checkQuotaName(String path, String name, Problems problems) {
        checkName(path, name, problems);
        if (name.indexOf('/') < 0 && !isQuota(name)) {
            problems.invalid(path, name, "must be a standard resource for quota");
        }
    }

    public static boolean isQuota(String name) {
        return QUOTA.contains(name) || isHugePages(name) || isQuotaHugePages(name);
    }

    private static boolean isNative(String name) {
        return name.indexOf('/') < 0 || name.contains("kubernetes.io/");
    }

    /// A resource of the cluster's own making; quotas write `requests.` in front of it.
    static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith("requests.")
                && Names.qualifiedName("requests." + name).isEmpty();
    }

    /// Whether a container may be promised more than the node has.
    public static boolean allowsOvercommit(String name) {
        return isNative(name) && !isHugePages(name);
    }

    /// An amount that is not negative and, of what is counted, whole.
    public static void checkAmount(String path, String resource, JsonNode value, Problems problems) {
        var amount = amount(value);
        if (amount.isEmpty()) {
            return;
        }
        checkNotNegative(path, value, problems);
        boolean whole = COUNTED.contains(resource) || isExtended(resource);
        if (whole && amount.get().amount().stripTrailingZeros().scale() > 0) {
            problems.invalid(path, value.asText(), "must be an integer");
        }
    }

    public static void checkNotNegative(String path, JsonNode value, Problems problems) {
        if (amount(value).map(q -> q.amount().signum() < 0).orElse(false)) {
            problems.invalid(path, value.asText(), "must be greater than or equal to 0");
        }
    }

    /// An amount of storage that is there.
    public static void checkBasic(String path, JsonNode value, Problems problems) {
        var amount = amount(value);
        if (amount.isPresent() && amount.get().value() < 0) {
            problems.invalid(path, amount.get().value(), "must be a valid resource quantity");
        }
    }

    public static void checkPositive(String path, JsonNode value, Problems problems) {
        if (amount(value).map(q -> q.amount().signum() <= 0).orElse(false)) {
            problems.invalid(path, value.asText(), "must be greater than zero");
        }
    }

    /// The warning about parts of a byte, when there are any.
    public static Optional<String> fraction(String path, JsonNode value) {
        return amount(value)
                .filter(q -> q.amount().stripTrailingZeros().scale() > 0)
                .map(q -> path + ": fractional byte value \"" + q + "\" is invalid, must be an integer");
    }

    /// Empty when there is no amount; one that cannot be read was refused by decoding.
    public static Optional<Quantity> amount(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Quantity.parse(value.asText()));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
