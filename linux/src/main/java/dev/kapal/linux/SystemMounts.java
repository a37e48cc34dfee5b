package dev.kapal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Mounts by system call. The calls are short: a memory file system or a bind touches no disk.
///
/// Source: mount(2), umount(2).
enum SystemMounts implements Mounts {
    INSTANCE;

    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;
    private static final long MS_REC = 16384;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private static final int ENOENT = 2;
    private static final int EBUSY = 16;
    private static final int EINVAL = 22;

    @Override
    public void tmpfs(Path target, long sizeBytes, int mode) throws IOException {
        var options = "mode=" + Integer.toOctalString(mode) + (sizeBytes > 0 ? ",size=" + sizeBytes : "");
        check(SystemCalls.mount("tmpfs", target.toString(), "tmpfs", MS_NOSUID | MS_NODEV, options), "tmpfs", target);
    }

    @Override
    public void bind(Path source, Path target, boolean readOnly) throws IOException {
        int error = SystemCalls.mount(source.toString(), target.toString(), "", MS_BIND | MS_REC, "");
        check(error, "bind of " + source, target);
        if (readOnly) {
            // A bind takes its flags from its source; only a remount of the bind itself can narrow them.
            error = SystemCalls.mount("", target.toString(), "", MS_BIND | MS_REMOUNT | MS_RDONLY, "");
            check(error, "read-only remount", target);
        }
    }

    @Override
    public boolean unmount(Path target) throws IOException {
        int error = SystemCalls.umount(target.toString(), UMOUNT_NOFOLLOW);
        if (error == EBUSY) {
            error = SystemCalls.umount(target.toString(), UMOUNT_NOFOLLOW | MNT_DETACH);
        }
        if (error == EINVAL || error == ENOENT) {
            return false;
        }
        check(error, "unmount", target);
        return true;
    }

    @Override
    public List<Mount> all() throws IOException {
        return Mount.parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    }

    private static void check(int error, String what, Path target) throws IOException {
        if (error != 0) {
            throw new IOException(what + " at " + target + ": " + SystemCalls.message(error));
        }
    }
}
