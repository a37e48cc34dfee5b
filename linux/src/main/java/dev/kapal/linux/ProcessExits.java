package dev.kapal.linux;

import dev.kapal.base.life.Life;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells when processes end that are not our children, at the moment they do and without asking again and again: one
/// platform thread waits for all of them. Any thread may add one.
///
/// It is a hint: a process that ended before it was added, or whose number was given to another, is not told of.
///
/// Source: pidfd_open(2), epoll(7).
public final class ProcessExits implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle EPOLL_CREATE = function("epoll_create1", ValueLayout.JAVA_INT);
    private static final MethodHandle EPOLL_CTL = function(
            "epoll_ctl", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private static final MethodHandle EPOLL_WAIT = function(
            "epoll_wait", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle EVENTFD = function("eventfd", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle WRITE = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("write"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

    private static final long PIDFD_OPEN = 434;
    private static final int CLOSE_ON_EXEC = 02000000;
    private static final int ADD = 1;
    private static final int READABLE = 1;
    /// The kernel packs `struct epoll_event` on x86-64 only.
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final int EVENT_SIZE = PACKED ? 12 : 16;
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    private static final int AT_ONCE = 32;

    private final int epoll;
    /// Readable when the thread shall end.
    private final int stop;
    private final Map<Integer, Runnable> actions = new ConcurrentHashMap<>();
    private final Life life = new Life("process-exits");

    private ProcessExits() {
        epoll = call(() -> (int) EPOLL_CREATE.invokeExact(CLOSE_ON_EXEC));
        stop = call(() -> (int) EVENTFD.invokeExact(0, CLOSE_ON_EXEC));
        if (epoll < 0 || stop < 0 || !add(stop)) {
            throw new IllegalStateException("the kernel has no epoll for us: " + epoll + ", " + stop);
        }
    }

    public static ProcessExits start() {
        var exits = new ProcessExits();
        exits.life.startPlatform("wait", exits::run);
        return exits;
    }

    /// Runs `action` once when the process ends, on the waiting thread: it must be quick. False when there is no such
    /// process.
    public boolean onExit(long pid, Runnable action) {
        int file = call(() -> (int) (long) SYSCALL.invokeExact(PIDFD_OPEN, (int) pid, 0));
        if (file < 0) {
            return false;
        }
        actions.put(file, action);
        if (!add(file)) {
            actions.remove(file);
            close(file);
            return false;
        }
        return true;
    }

    @Override
    public void close() {
        if (life.isClosed()) {
            return;
        }
        try (var arena = Arena.ofConfined()) {
            var one = arena.allocate(ValueLayout.JAVA_LONG);
            one.set(ValueLayout.JAVA_LONG, 0, 1);
            call(() -> (int) (long) WRITE.invokeExact(stop, one, 8L));
        }
        life.close();
        actions.keySet().forEach(ProcessExits::close);
        actions.clear();
        close(stop);
        close(epoll);
    }

    private boolean add(int file) {
        try (var arena = Arena.ofConfined()) {
            var event = arena.allocate(EVENT_SIZE);
            event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, READABLE);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA_OFFSET, file);
            return call(() -> (int) EPOLL_CTL.invokeExact(epoll, ADD, file, event)) == 0;
        }
    }

    private void run() {
        try (var arena = Arena.ofConfined()) {
            var events = arena.allocate((long) EVENT_SIZE * AT_ONCE);
            while (true) {
                // an interrupted wait (a signal, a debugger) answers -1 and is repeated
                int count = call(() -> (int) EPOLL_WAIT.invokeExact(epoll, events, AT_ONCE, -1));
                for (int i = 0; i < count; i++) {
                    int file = (int) events.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * EVENT_SIZE + DATA_OFFSET);
                    if (file == stop) {
                        return;
                    }
                    ended(file);
                }
            }
        }
    }

    private void ended(int file) {
        var action = actions.remove(file);
        close(file);
        if (action != null) {
            action.run();
        }
    }

    private static void close(int file) {
        call(() -> (int) CLOSE.invokeExact(file));
    }

    private interface Call {
        int make() throws Throwable;
    }

    private static int call(Call call) {
        try {
            return call.make();
        } catch (Throwable impossible) {
            throw new IllegalStateException("a native call failed to link", impossible);
        }
    }

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }
}
