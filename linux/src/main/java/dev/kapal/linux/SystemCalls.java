package dev.kapal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The few C functions used here. Each answers 0 or the error number. Any thread.
final class SystemCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle MOUNT = function(
            "mount",
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS);
    private static final MethodHandle UMOUNT = function("umount2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);
    private static final MethodHandle SETNS = function("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle KILL = function("kill", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private SystemCalls() {}

    static int mount(String source, String target, String type, long flags, String data) {
        return call(frame -> (int) MOUNT.invokeExact(
                frame.state(), text(frame, source), text(frame, target), text(frame, type), flags, text(frame, data)));
    }

    static int umount(String target, int flags) {
        return call(frame -> (int) UMOUNT.invokeExact(frame.state(), text(frame, target), flags));
    }

    static int kill(int pid, int signal) {
        return call(frame -> (int) KILL.invokeExact(frame.state(), pid, signal));
    }

    /// Moves the calling thread, and only that, into the namespace of `type` that the file stands for.
    static int enter(String namespaceFile, int type) {
        return call(frame -> {
            int file = (int) OPEN.invokeExact(frame.state(), text(frame, namespaceFile), 0);
            if (file < 0) {
                return file;
            }
            int result = (int) SETNS.invokeExact(frame.state(), file, type);
            int error = (int) ERRNO.get(frame.state(), 0L);
            int ignored = (int) CLOSE.invokeExact(frame.state(), file);
            ERRNO.set(frame.state(), 0L, error);
            return result;
        });
    }

    /// The C library's sentence for an error number.
    static String message(int error) {
        var strerror = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("strerror"),
                FunctionDescriptor.of(
                        ValueLayout.ADDRESS.withTargetLayout(
                                MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE)),
                        ValueLayout.JAVA_INT));
        try {
            return ((MemorySegment) strerror.invokeExact(error)).getString(0);
        } catch (Throwable impossible) {
            return "error " + error;
        }
    }

    private static MethodHandle function(String name, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private interface Call {
        int in(CallFrame frame) throws Throwable;
    }

    /// The memory of one call: where `errno` lands, and the strings.
    private record CallFrame(Arena arena, MemorySegment state) {}

    private static MemorySegment text(CallFrame frame, String value) {
        return value.isEmpty() ? MemorySegment.NULL : frame.arena().allocateFrom(value);
    }

    private static int call(Call call) {
        try (var arena = Arena.ofConfined()) {
            var frame = new CallFrame(arena, arena.allocate(Linker.Option.captureStateLayout()));
            return call.in(frame) == 0 ? 0 : (int) ERRNO.get(frame.state(), 0L);
        } catch (Throwable impossible) {
            throw new IllegalStateException("a native call failed to link", impossible);
        }
    }
}
