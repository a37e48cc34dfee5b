package dev.kapal.apiserver.discovery;

import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What this server and those behind it serve, in the order in which discovery lists it: by priority, then groups by
/// name and versions by stability and age. Pure. Source: kube-aggregator, `ResourceManager`.
final class Groups {
    private static final Pattern NAME = Pattern.compile("v(\\d{1,18})(?:(alpha|beta)(\\d{1,18}))?");
    private static final Comparator<Version> VERSIONS = Comparator.comparingInt(
                    (Version version) -> version.priority().version())
            .reversed()
            .thenComparing(version -> version.groupVersion().version(), Groups::compare);
    private static final Comparator<Group> GROUPS =
            Comparator.comparingInt(Group::priority).reversed().thenComparing(Group::name);

    private Groups() {}

    /// @param elsewhere empty for what this server serves itself
    record Version(GroupVersion groupVersion, Priority priority, Optional<MoreVersion> elsewhere) {}

    /// @param versions at least one; the preferred one first
    record Group(String name, List<Version> versions) {
        int priority() {
            return versions.stream()
                    .mapToInt(version -> version.priority().group())
                    .max()
                    .orElseThrow();
        }
    }

    static List<Group> all(ResourceRegistry registry, List<MoreVersion> more) {
        var byName = new HashMap<String, List<Version>>();
        var own = registry.groupVersions();
        for (var version : own) {
            byName.computeIfAbsent(version.group(), name -> new ArrayList<>())
                    .add(new Version(version, Priority.of(version), Optional.empty()));
        }
        for (var version : more) {
            if (!own.contains(version.groupVersion())) {
                byName.computeIfAbsent(version.groupVersion().group(), name -> new ArrayList<>())
                        .add(new Version(version.groupVersion(), version.priority(), Optional.of(version)));
            }
        }
        return byName.entrySet().stream()
                .map(entry -> new Group(
                        entry.getKey(),
                        entry.getValue().stream().sorted(VERSIONS).toList()))
                .sorted(GROUPS)
                .toList();
    }

    static Optional<Group> named(String name, ResourceRegistry registry, List<MoreVersion> more) {
        return all(registry, more).stream()
                .filter(group -> group.name().equals(name))
                .findFirst();
    }

    /// Those of this server, by name.
    static List<ResourceDefinition> resources(ResourceRegistry registry, GroupVersion groupVersion) {
        return registry.all().stream()
                .filter(definition -> definition.groupVersion().equals(groupVersion))
                .sorted(Comparator.comparing(ResourceDefinition::plural))
                .toList();
    }

    /// Stable before beta before alpha, newer before older, and names of another form behind all of them.
    private static int compare(String left, String right) {
        var a = NAME.matcher(left);
        var b = NAME.matcher(right);
        boolean known = a.matches();
        if (known != b.matches()) {
            return known ? -1 : 1;
        }
        if (!known) {
            return left.compareTo(right);
        }
        int stability = Integer.compare(rank(b.group(2)), rank(a.group(2)));
        int major = Long.compare(number(b.group(1)), number(a.group(1)));
        if (stability != 0) {
            return stability;
        }
        return major != 0 ? major : Long.compare(number(b.group(3)), number(a.group(3)));
    }

    private static int rank(String stability) {
        if (stability == null) {
            return 2;
        }
        return stability.equals("beta") ? 1 : 0;
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
