package dev.kapal.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounts nothing: keeps a table of what would be mounted. Any thread.
public final class RecordedMounts implements Mounts {
    private final List<Mount> mounts = new ArrayList<>();

    @Override
    public synchronized void tmpfs(Path target, long sizeBytes, int mode) {
        mounts.add(new Mount(
                target, "tmpfs", "tmpfs", false, List.of("size=" + sizeBytes, "mode=" + Integer.toOctalString(mode))));
    }

    @Override
    public synchronized void bind(Path source, Path target, boolean readOnly) {
        mounts.add(new Mount(target, "bind", source.toString(), readOnly, List.of()));
    }

    @Override
    public synchronized boolean unmount(Path target) {
        for (int i = mounts.size() - 1; i >= 0; i--) {
            if (mounts.get(i).target().equals(target)) {
                mounts.remove(i);
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized List<Mount> all() {
        return List.copyOf(mounts);
    }
}
