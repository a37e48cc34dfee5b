package dev.kapal.base.life;

import dev.kapal.base.log.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The owner of a component's threads and of what must be closed with it. Any thread may call it.
///
/// [#close()] closes in reverse order of start: later things may use earlier ones. A thread is interrupted and
/// joined; one that does not end within [#JOIN_LIMIT] is named in the log, never waited for without bound.
/// Threads of tasks that ended are forgotten, so a long-lived owner may start many short ones.
public final class Life implements AutoCloseable {
    /// How long [#close()] waits for one thread.
    public static final Duration JOIN_LIMIT = Duration.ofSeconds(10);

    private static final Log log = Log.of(Life.class);
    private static final AtomicInteger RUNNING = new AtomicInteger();

    private final String name;
    /// Guarded by itself; the newest first.
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Set<Thread> fleeting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Life(String name) {
        this.name = name;
    }

    /// How many threads of all lives of this process run. The JVM counts platform threads only.
    public static int running() {
        return RUNNING.get();
    }

    /// A task that may block and be interrupted; interruption means stop.
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /// Starts a virtual thread that lives until [#close()] or until its task ends. What it throws is logged.
    public Thread start(String threadName, Task task) {
        var thread = Thread.ofVirtual().name(name + "/" + threadName).unstarted(guarded(threadName, task));
        return launch(thread);
    }

    /// As [#start(String, Task)] on a platform thread, for work that holds its carrier (native calls, disk syncs).
    public Thread startPlatform(String threadName, Task task) {
        var thread =
                Thread.ofPlatform().daemon(true).name(name + "/" + threadName).unstarted(guarded(threadName, task));
        return launch(thread);
    }

    /// Starts a virtual thread for one short piece of work (a request, a probe). It is interrupted by [#close()] too,
    /// before anything that was started with [#start(String, Task)].
    public Thread spawn(String threadName, Task task) {
        var guarded = guarded(threadName, task);
        var thread = Thread.ofVirtual().name(name + "/" + threadName).unstarted(() -> {
            try {
                guarded.run();
            } finally {
                fleeting.remove(Thread.currentThread());
            }
        });
        fleeting.add(thread);
        if (closed) {
            fleeting.remove(thread);
            throw new IllegalStateException(name + " is closed");
        }
        start(thread);
        return thread;
    }

    /// Closes `resource` with this life, in reverse order of registration. Closes it at once when this life has ended.
    public <T extends AutoCloseable> T own(T resource) {
        synchronized (owned) {
            if (!closed) {
                owned.push(resource);
                return resource;
            }
        }
        closeQuietly(resource);
        return resource;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        synchronized (owned) {
            if (closed) {
                return;
            }
            closed = true;
        }
        var last = Set.copyOf(fleeting);
        last.forEach(Thread::interrupt);
        last.forEach(this::join);
        while (true) {
            AutoCloseable next;
            synchronized (owned) {
                next = owned.poll();
            }
            if (next == null) {
                return;
            }
            closeQuietly(next);
        }
    }

    private Thread launch(Thread thread) {
        var handle = new Running(thread);
        synchronized (owned) {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
            owned.push(handle);
        }
        start(thread);
        return thread;
    }

    private static void start(Thread thread) {
        RUNNING.incrementAndGet();
        thread.start();
    }

    private Runnable guarded(String threadName, Task task) {
        return () -> {
            try {
                task.run();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            } catch (Throwable failure) {
                if (!closed) {
                    log.error("thread failed", failure, "owner", name, "thread", threadName);
                }
            } finally {
                RUNNING.decrementAndGet();
            }
        };
    }

    private void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            log.error(
                    "closing failed",
                    failure,
                    "owner",
                    name,
                    "what",
                    resource.getClass().getSimpleName());
        }
    }

    private void join(Thread thread) {
        boolean interrupted = Thread.interrupted();
        try {
            if (thread != Thread.currentThread() && !thread.join(JOIN_LIMIT)) {
                log.error("thread did not end", "owner", name, "thread", thread.getName());
            }
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Running implements AutoCloseable {
        private final Thread thread;

        Running(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void close() {
            thread.interrupt();
            join(thread);
        }
    }
}
