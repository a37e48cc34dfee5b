package dev.kapal.agent.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/// The image that holds a pod's namespaces: one static program of a few hundred bytes, put together here instruction by
/// instruction, so that no compiler and no registry is needed.
///
/// The program ignores SIGCHLD, so that the kernel reaps the orphans of a pod with a shared process namespace; then it
/// blocks TERM and INT and waits for one of them. Blocked, because the kernel discards default-action signals to the
/// first process of a namespace, but keeps blocked ones for it.
///
/// Source: System V ABI (ELF-64), Linux system call tables for x86-64 and arm64.
public final class PauseImage {
    public static final String REFERENCE = "kapal.local/pause:1";

    private static final long BASE = 0x400000;
    private static final int HEADERS = 64 + 56;
    private static final int SIG_IGN = 1;
    private static final int SIGCHLD = 17;
    /// Bit n-1 stands for signal n: INT is 2, TERM is 15.
    private static final long INT_AND_TERM = 1L << 1 | 1L << 14;
    /// The kernel's sigset_t.
    private static final int SET_BYTES = 8;
    /// The kernel's struct sigaction: handler, flags, restorer, mask.
    private static final int ACTION_BYTES = 32;

    private PauseImage() {}

    public static void writeTo(Path archive) throws IOException {
        var architecture = Architecture.current();
        ImageBuilder.named(REFERENCE)
                .architecture(architecture)
                .layer(new Layer().file("/pause", program(architecture), 0755))
                .entrypoint("/pause")
                .writeTo(archive);
    }

    /// The whole executable: ELF header, one program header, code, data.
    static byte[] program(Architecture architecture) {
        // The code's length does not depend on the addresses in it, so the first round measures and the second is
        // right.
        int length = code(architecture, 0).length;
        long data = BASE + HEADERS + length;
        var code = code(architecture, data);
        int size = HEADERS + length + ACTION_BYTES + SET_BYTES;
        var elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2 /* 64 bit */, 1 /* little endian */, 1, 0});
        elf.position(16);
        elf.putShort((short) 2 /* executable */);
        elf.putShort((short) (architecture == Architecture.AMD64 ? 62 : 183));
        elf.putInt(1).putLong(BASE + HEADERS).putLong(64 /* program headers */).putLong(0);
        elf.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
        elf.position(64);
        elf.putInt(1 /* load */).putInt(5 /* read, execute */).putLong(0);
        elf.putLong(BASE).putLong(BASE).putLong(size).putLong(size).putLong(0x1000);
        elf.put(code);
        elf.putLong(SIG_IGN).putLong(0).putLong(0).putLong(0);
        elf.putLong(INT_AND_TERM);
        return elf.array();
    }

    private static byte[] code(Architecture architecture, long data) {
        return switch (architecture) {
            case AMD64 -> amd64((int) data);
            case ARM64 -> arm64(data);
        };
    }

    private static byte[] amd64(int action) {
        int set = action + ACTION_BYTES;
        var code = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        // rt_sigaction(SIGCHLD, action, null, 8)
        code.put((byte) 0xb8).putInt(13); // mov eax, 13
        code.put((byte) 0xbf).putInt(SIGCHLD); // mov edi, SIGCHLD
        code.put((byte) 0xbe).putInt(action); // mov esi, action
        amd64Rest(code);
        // rt_sigprocmask(SIG_BLOCK, set, null, 8)
        code.put((byte) 0xb8).putInt(14); // mov eax, 14
        code.put((byte) 0xbf).putInt(0); // mov edi, SIG_BLOCK
        code.put((byte) 0xbe).putInt(set); // mov esi, set
        amd64Rest(code);
        // again: rt_sigtimedwait(set, null, null, 8)
        int again = code.position();
        code.put((byte) 0xb8).putInt(128); // mov eax, 128
        code.put((byte) 0xbf).putInt(set); // mov edi, set
        code.put((byte) 0xbe).putInt(0); // mov esi, 0
        amd64Rest(code);
        // if it failed (EINTR): again
        code.put(new byte[] {(byte) 0x85, (byte) 0xc0, 0x78}); // test eax, eax; js
        code.put((byte) (again - code.position() - 1));
        // exit(0)
        code.put((byte) 0xb8).putInt(60); // mov eax, 60
        code.put(new byte[] {0x31, (byte) 0xff, 0x0f, 0x05}); // xor edi, edi; syscall
        return taken(code);
    }

    /// Third argument null, fourth the size of a signal set, then the call.
    private static void amd64Rest(ByteBuffer code) {
        code.put(new byte[] {0x31, (byte) 0xd2}); // xor edx, edx
        code.put(new byte[] {0x41, (byte) 0xba}).putInt(SET_BYTES); // mov r10d, 8
        code.put(new byte[] {0x0f, 0x05}); // syscall
    }

    private static byte[] arm64(long data) {
        var code = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        long start = BASE + HEADERS;
        // rt_sigaction(SIGCHLD, action, null, 8)
        move(code, 0, SIGCHLD);
        address(code, 1, data - (start + code.position()));
        arm64Rest(code, 134);
        // rt_sigprocmask(SIG_BLOCK, set, null, 8)
        move(code, 0, 0);
        address(code, 1, data + ACTION_BYTES - (start + code.position()));
        arm64Rest(code, 135);
        // again: rt_sigtimedwait(set, null, null, 8)
        int again = code.position();
        address(code, 0, data + ACTION_BYTES - (start + code.position()));
        move(code, 1, 0);
        arm64Rest(code, 137);
        // tbnz x0, #63, again: negative means EINTR
        int back = (again - code.position()) / 4;
        code.putInt(0xb7f80000 | (back & 0x3fff) << 5);
        // exit(0)
        move(code, 0, 0);
        move(code, 8, 93);
        code.putInt(0xd4000001); // svc #0
        return taken(code);
    }

    private static void arm64Rest(ByteBuffer code, int call) {
        move(code, 2, 0);
        move(code, 3, SET_BYTES);
        move(code, 8, call);
        code.putInt(0xd4000001); // svc #0
    }

    /// movz xR, #value
    private static void move(ByteBuffer code, int register, int value) {
        code.putInt(0xd2800000 | value << 5 | register);
    }

    /// adr xR, pc + offset
    private static void address(ByteBuffer code, int register, long offset) {
        int bits = (int) offset;
        code.putInt(0x10000000 | (bits & 3) << 29 | (bits >> 2 & 0x7ffff) << 5 | register);
    }

    private static byte[] taken(ByteBuffer code) {
        var bytes = new byte[code.position()];
        code.flip().get(bytes);
        return bytes;
    }
}
