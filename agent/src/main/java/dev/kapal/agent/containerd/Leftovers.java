package dev.kapal.agent.containerd;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import dev.kapal.linux.Mounts;
import dev.kapal.linux.ProcessIdentity;
import dev.kapal.linux.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

/// Removes what stays when containerd could not take its containers down: their shims and processes, mounts under our
/// directories, the state directory. Only what names our socket or lies under our paths is touched.
final class Leftovers {
    private static final Log log = Log.of(Leftovers.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Leftovers() {}

    static void remove(ContainerdConfig config, Time time) throws IOException, InterruptedException {
        endShims(config, time);
        var mounts = Mounts.system();
        mounts.unmountUnder(config.state());
        mounts.unmountUnder(config.data());
        // A mount that is still there after all must not be emptied through it.
        var state = config.state().toString();
        if (!Commands.system()
                .run(Command.of("rm", "-rf", "--one-file-system", state))
                .ok()) {
            log.warn("state directory not removed", "path", state);
        }
    }

    private static void endShims(ContainerdConfig config, Time time) throws IOException, InterruptedException {
        var socket = config.socket().toString();
        var shims = ProcessTable.find(entry ->
                entry.program().startsWith("containerd-shim") && entry.command().contains(socket));
        for (var shim : shims) {
            log.warn("orphaned shim killed", "pid", shim.identity().pid());
            // Its children are the containers' first processes; everything else in a container dies with those.
            var children = ProcessHandle.of(shim.identity().pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .flatMap(child -> ProcessIdentity.of(child.pid()).stream());
            for (var process :
                    Stream.concat(children, Stream.of(shim.identity())).toList()) {
                process.signal(ProcessIdentity.KILL);
                process.awaitEnd(LIMIT, time);
            }
        }
    }
}
