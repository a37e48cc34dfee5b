package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Rewrites objects that are stored in another version than the one that is stored now: an earlier server chose
/// another,
/// or a custom resource's definition has changed. In what version an object is stored stands in its bytes, so there are
/// no books to keep; reads convert until the object's turn has come. One thread, one write after the other: it takes
/// no more than one place in each batch of the store.
final class StorageMigration {
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Log log = Log.of(StorageMigration.class);

    private final Time time;
    /// One entry for each resource that was made; taken out at once when there is nothing to do.
    private final BlockingQueue<Resource> due = new LinkedBlockingQueue<>();

    StorageMigration(Time time) {
        this.time = time;
    }

    /// Looks at what is stored of a resource, soon.
    void consider(Resource resource) {
        due.add(resource);
    }

    void run() throws InterruptedException {
        while (true) {
            var failed = new ArrayList<Resource>();
            var next = due.take();
            while (next != null) {
                if (!migrate(next)) {
                    failed.add(next);
                }
                next = due.poll();
            }
            if (!failed.isEmpty()) {
                time.sleep(RETRY); // a webhook that does not answer
                due.addAll(failed);
            }
        }
    }

    /// Answers whether all is done.
    private boolean migrate(Resource resource) throws InterruptedException {
        int rewritten = 0;
        for (var object : outdated(resource)) {
            try {
                // stale: somebody else wrote it meanwhile, and so in the right version
                resource.shelf()
                        .replace(
                                object.namespace(),
                                object.name(),
                                resource.forms().read(object),
                                object.revision());
                rewritten++;
            } catch (ApiException refused) {
                log.warn(
                        "stored object cannot be migrated yet",
                        "resource",
                        resource.definition().groupResource(),
                        "object",
                        object.key(),
                        "why",
                        refused.getMessage());
                return false;
            }
        }
        if (rewritten > 0) {
            log.info(
                    "stored objects migrated",
                    "resource",
                    resource.definition().groupResource(),
                    "version",
                    resource.forms().stored().groupVersion(),
                    "objects",
                    rewritten);
        }
        return true;
    }

    private static List<CachedObject> outdated(Resource resource) {
        var found = new ArrayList<CachedObject>();
        resource.shelf().cache().snapshot().objects().visit("", "", object -> {
            if (resource.forms().isOutdated(object.json())) {
                found.add(object);
            }
            return true;
        });
        return found;
    }
}
