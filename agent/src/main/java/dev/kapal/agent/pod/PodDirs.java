package dev.kapal.agent.pod;

import java.nio.file.Path;

/// Where a pod's files are on the node. Immutable.
///
///     D/pods/<uid>/volumes/kubernetes.io~<kind>/<volume>     what containers mount
///     D/pods/<uid>/containers/<container>/<restarts>         their termination messages
///     D/pods/<uid>/etc-hosts                                 their /etc/hosts
///     /var/log/pods/<namespace>_<name>_<uid>/<container>/<restarts>.log
public record PodDirs(Path data, Path logs) {
    public Path pods() {
        return data.resolve("pods");
    }

    public Path of(PodKey pod) {
        return pods().resolve(pod.uid());
    }

    public Path volumes(PodKey pod) {
        return of(pod).resolve("volumes");
    }

    Path etcHosts(PodKey pod) {
        return of(pod).resolve("etc-hosts");
    }

    Path container(PodKey pod, String container) {
        return of(pod).resolve("containers").resolve(container);
    }

    Path logs(PodKey pod) {
        return logs.resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
    }
}
