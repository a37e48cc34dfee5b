package dev.kapal.agent.pod;

/// Tells of the end of containers sooner than the runtime is asked for it. A hint: who is not told finds out at the
/// next
/// look. Any thread.
@FunctionalInterface
public interface ContainerExits {
    /// Calls `onExit`, which must be quick, when the container's first process ends. `group` is its pod's cgroup.
    void watch(String group, String containerId, Runnable onExit);
}
