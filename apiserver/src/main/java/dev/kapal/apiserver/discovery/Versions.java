package dev.kapal.apiserver.discovery;

import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Which versions and resources a registry holds, in the order in which discovery lists them. Pure.
final class Versions {
    private static final Pattern NAME = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

    private Versions() {}

    /// The versions of a group, the preferred one first: stable before beta before alpha, newer before older.
    static List<GroupVersion> of(ResourceRegistry registry, String group) {
        return registry.groupVersions().stream()
                .filter(version -> version.group().equals(group))
                .sorted(Comparator.comparing(GroupVersion::version, Versions::compare))
                .toList();
    }

    static List<ResourceDefinition> resources(ResourceRegistry registry, GroupVersion groupVersion) {
        return registry.all().stream()
                .filter(definition -> definition.groupVersion().equals(groupVersion))
                .sorted(Comparator.comparing(ResourceDefinition::plural))
                .toList();
    }

    private static int compare(String left, String right) {
        var a = NAME.matcher(left);
        var b = NAME.matcher(right);
        if (!a.matches() || !b.matches()) {
            return left.compareTo(right);
        }
        int stability = Integer.compare(rank(b.group(2)), rank(a.group(2)));
        int major = Integer.compare(number(b.group(1)), number(a.group(1)));
        if (stability != 0) {
            return stability;
        }
        return major != 0 ? major : Integer.compare(number(b.group(3)), number(a.group(3)));
    }

    private static int rank(String stability) {
        if (stability == null) {
            return 2;
        }
        return stability.equals("beta") ? 1 : 0;
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
