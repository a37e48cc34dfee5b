package dev.kapal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The control groups of this machine, in version 1 or 2. Any thread; holds no state but where they are mounted.
///
/// A `group` is a path from the root of every hierarchy, such as `/kapal/pod1234`. A machine with version 1
/// controllers and an empty version 2 tree beside them counts as version 1, as it does for runc.
/// Source: kernel documentation, admin-guide/cgroup-v1 and cgroup-v2.
public final class Cgroups {
    public enum Version {
        V1,
        V2
    }

    /// Limits of one group; what is empty is left as it is.
    /// Unit: `cpuQuota` is microseconds of CPU per 100 ms, `cpuShares` are version 1's (1024 a CPU).
    public record Limits(OptionalLong cpuShares, OptionalLong cpuQuota, OptionalLong memoryBytes, OptionalLong pids) {
        public static final Limits NONE =
                new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }

    private static final Set<String> CONTROLLERS = Set.of(
            "cpu",
            "cpuacct",
            "cpuset",
            "memory",
            "devices",
            "freezer",
            "blkio",
            "pids",
            "net_cls",
            "net_prio",
            "perf_event",
            "hugetlb",
            "rdma",
            "misc");

    private static final long PERIOD = 100_000;

    private final Version version;
    /// Controller → mount point; version 2 is the entry "".
    private final Map<String, Path> hierarchies;

    private Cgroups(Version version, Map<String, Path> hierarchies) {
        this.version = version;
        this.hierarchies = hierarchies;
    }

    public static Cgroups detect() throws IOException {
        return of(Mounts.system().all());
    }

    /// What `mounts` say. Errors: a machine without any control groups is an [IOException].
    static Cgroups of(List<Mount> mounts) throws IOException {
        var first = new LinkedHashMap<String, Path>();
        Path second = null;
        for (var mount : mounts) {
            switch (mount.type()) {
                case "cgroup" -> controllers(mount).forEach(name -> first.putIfAbsent(name, mount.target()));
                case "cgroup2" -> second = mount.target();
                default -> {}
            }
        }
        if (!first.isEmpty()) {
            // runc makes its groups in the empty version 2 tree too, so they must be found there to be removed.
            if (second != null) {
                first.put("", second);
            }
            return new Cgroups(Version.V1, first);
        }
        if (second == null) {
            throw new IOException("no cgroup file system is mounted");
        }
        return new Cgroups(Version.V2, Map.of("", second));
    }

    private static Set<String> controllers(Mount mount) {
        var names = new LinkedHashSet<String>();
        for (var option : mount.superOptions()) {
            if (option.startsWith("name=") || CONTROLLERS.contains(option)) {
                names.add(option);
            }
        }
        return names;
    }

    public Version version() {
        return version;
    }

    /// What containerd must be told: cgroups are made by writing files, never through systemd.
    public String driver() {
        return "cgroupfs";
    }

    /// Names of the controllers that can be used.
    public Set<String> controllers() throws IOException {
        if (version == Version.V1) {
            return hierarchies.keySet().stream()
                    .filter(name -> !name.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        }
        return Set.of(Files.readString(hierarchies.get("").resolve("cgroup.controllers"))
                .strip()
                .split(" "));
    }

    /// The directory of `group` for `controller`, whether it exists or not. Errors: an unknown controller of
    /// version 1 is an [IllegalArgumentException].
    public Path directory(String controller, String group) {
        var root = version == Version.V1 ? hierarchies.get(controller) : hierarchies.get("");
        if (root == null) {
            throw new IllegalArgumentException("no cgroup hierarchy has the controller " + controller);
        }
        return root.resolve(group.startsWith("/") ? group.substring(1) : group);
    }

    /// Makes `group` in every hierarchy and sets its limits. Repeating it changes only limits that differ.
    public void ensure(String group, Limits limits) throws IOException {
        for (var directory : directories(group)) {
            Files.createDirectories(directory);
        }
        if (version == Version.V1) {
            ensureFirst(group, limits);
        } else {
            ensureSecond(group, limits);
        }
    }

    private void ensureFirst(String group, Limits limits) throws IOException {
        if (hierarchies.containsKey("cpuset")) {
            inheritCpuset(directory("cpuset", group));
        }
        write("cpu", group, "cpu.shares", limits.cpuShares());
        write("cpu", group, "cpu.cfs_quota_us", limits.cpuQuota());
        write("memory", group, "memory.limit_in_bytes", limits.memoryBytes());
        write("pids", group, "pids.max", limits.pids());
    }

    /// A new cpuset of version 1 is empty and takes no process until it has its parent's CPUs and memory nodes.
    private void inheritCpuset(Path directory) throws IOException {
        var parent = directory.getParent();
        if (!parent.startsWith(hierarchies.get("cpuset"))) {
            return;
        }
        inheritCpuset(parent);
        for (var name : List.of("cpuset.cpus", "cpuset.mems")) {
            var own = directory.resolve(name);
            if (Files.exists(own) && Files.readString(own).isBlank()) {
                Files.writeString(own, Files.readString(parent.resolve(name)));
            }
        }
    }

    private void ensureSecond(String group, Limits limits) throws IOException {
        var leaf = directory("", group);
        var wanted = new ArrayList<String>();
        for (var name : List.of("cpu", "memory", "pids", "cpuset", "io")) {
            if (controllers().contains(name)) {
                wanted.add("+" + name);
            }
        }
        var path = hierarchies.get("");
        for (var step : path.relativize(leaf)) {
            Files.writeString(path.resolve("cgroup.subtree_control"), String.join(" ", wanted));
            path = path.resolve(step);
        }
        if (limits.cpuShares().isPresent()) {
            write(
                    "",
                    group,
                    "cpu.weight",
                    OptionalLong.of(weight(limits.cpuShares().getAsLong())));
        }
        if (limits.cpuQuota().isPresent()) {
            Files.writeString(leaf.resolve("cpu.max"), limits.cpuQuota().getAsLong() + " " + PERIOD);
        }
        write("", group, "memory.max", limits.memoryBytes());
        write("", group, "pids.max", limits.pids());
    }

    /// Version 1's 2…262144 onto version 2's 1…10000, as the OCI runtimes map them.
    static long weight(long shares) {
        return 1 + (Math.clamp(shares, 2L, 262_144L) - 2) * 9999 / 262_142;
    }

    private void write(String controller, String group, String file, OptionalLong value) throws IOException {
        if (value.isPresent() && (version == Version.V2 || hierarchies.containsKey(controller))) {
            Files.writeString(directory(controller, group).resolve(file), Long.toString(value.getAsLong()));
        }
    }

    /// Pids in `group` and below it.
    public Set<Long> processes(String group) throws IOException {
        var pids = new LinkedHashSet<Long>();
        for (var directory : directories(group)) {
            for (var each : tree(directory)) {
                try {
                    Files.readAllLines(each.resolve("cgroup.procs")).forEach(line -> pids.add(Long.valueOf(line)));
                } catch (NoSuchFileException gone) {
                    // Removed since it was listed: nothing runs in it.
                }
            }
        }
        return pids;
    }

    /// Removes `group` and all below it from every hierarchy; answers whether nothing is left. A group that still
    /// has processes stays. Harmless when there is none.
    public boolean removeTree(String group) throws IOException {
        boolean gone = true;
        for (var directory : directories(group)) {
            for (var each : tree(directory).reversed()) {
                // The kernel refuses to remove files of a group; removing the directory takes them along.
                gone &= each.toFile().delete() || !Files.exists(each);
            }
        }
        return gone;
    }

    /// Groups directly below `group`, as paths from the root.
    public Set<String> children(String group) throws IOException {
        var names = new LinkedHashSet<String>();
        for (var directory : directories(group)) {
            if (Files.isDirectory(directory)) {
                try (var files = Files.list(directory)) {
                    files.filter(Files::isDirectory)
                            .forEach(file -> names.add((group.equals("/") ? "" : group) + "/" + file.getFileName()));
                }
            }
        }
        return names;
    }

    private List<Path> directories(String group) {
        return hierarchies.keySet().stream()
                .map(controller -> directory(controller, group))
                .distinct()
                .toList();
    }

    /// `directory` and the directories below it, parents first.
    private static List<Path> tree(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isDirectory)
                    .sorted(Comparator.comparingInt(Path::getNameCount))
                    .toList();
        }
    }
}
