package dev.kapal.dist;

import dev.kapal.agent.containerd.MissingBinariesException;
import dev.kapal.agent.join.JoinException;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.LogFormat;
import dev.kapal.cli.Refusal;
import dev.kapal.pki.PkiException;
import dev.kapal.store.StoreException;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;

/// A component that runs until TERM or INT, and then ends what it started in reverse.
final class Foreground {
    private Foreground() {}

    /// Starts a component.
    @FunctionalInterface
    interface Start {
        /// @param life closed when the process is told to stop
        void in(Life life) throws IOException, InterruptedException;
    }

    /// Blocks until the process is told to stop. What a person can mend is a [Refusal].
    static int run(String name, boolean verbose, Start start) throws IOException, InterruptedException {
        LogFormat.install(verbose ? Level.FINE : Level.INFO);
        var life = new Life(name);
        var stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            life.close();
        }));
        try {
            start.in(life);
        } catch (BindException taken) {
            throw new Refusal("a port is taken by another process (%s)".formatted(taken.getMessage()));
        } catch (StoreException
                | PkiException
                | JoinException
                | MissingBinariesException
                | AccessOptions.UnusableException broken) {
            throw new Refusal(broken.getMessage());
        }
        stop.await();
        return 0;
    }
}
