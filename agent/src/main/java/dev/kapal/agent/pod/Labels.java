package dev.kapal.agent.pod;

/// Labels and annotations on sandboxes and containers. After a restart of the agent they are all that says whose they
/// are, so they are never changed.
public final class Labels {
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";

    static final String CONTAINER_HASH = "io.kubernetes.container.hash";
    static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
    static final String TERMINATION_MESSAGE_PATH = "io.kubernetes.container.terminationMessagePath";
    static final String TERMINATION_MESSAGE_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    static final String POD_GRACE = "io.kubernetes.pod.terminationGracePeriod";
    static final String PRE_STOP = "io.kubernetes.container.preStopHandler";
    static final String PORTS = "io.kubernetes.container.ports";

    private Labels() {}
}
