package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.SortedTree;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lists the objects of one resource as of one revision: from memory, and what memory has forgotten from the store.
/// Any
/// thread.
final class Lister {
    private static final String TOO_OLD_CONTINUE = "The provided continue parameter is too old to display a consistent"
            + " list result. You can start a new list without the continue parameter, or use the continue token in this"
            + " response to retrieve the remainder of the results. Continuing with the provided token results in an"
            + " inconsistent list - objects that were created, modified, or deleted between the time the first chunk"
            + " was returned and now may show up in the list.";

    private final WatchCaches caches;
    private final WatchCache cache;
    private final Store store;
    private final String keyPrefix;

    /// @param keyPrefix of the resource in the store, with a slash at the end
    Lister(WatchCaches caches, WatchCache cache, Store store, String keyPrefix) {
        this.caches = caches;
        this.cache = cache;
        this.store = store;
        this.keyPrefix = keyPrefix;
    }

    /// What a list found.
    ///
    /// @param next where to go on, empty at the end
    /// @param remaining how many follow; empty when nobody knows
    record Result(List<CachedObject> items, long revision, String next, Optional<Long> remaining) {}

    /// One read under way: where it reads and from which key on.
    private record Scan(String prefix, String from, String to, ListOptions options, long revision) {

        static Scan of(String namespace, ListOptions options, long revision) {
            var prefix = namespace.isEmpty() ? "" : namespace + "/";
            var from = prefix + options.token().map(ContinueToken::start).orElse("");
            return new Scan(prefix, from, namespace.isEmpty() ? "" : namespace + "0", options, revision);
        }

        boolean isFull(List<CachedObject> items) {
            return options.limit() > 0 && items.size() >= options.limit();
        }
    }

    /// @param namespace empty for all
    Result list(String namespace, ListOptions options) throws InterruptedException {
        var exact = exactRevision(options);
        if (exact.isEmpty()) {
            awaitRevision(options);
            var snapshot = cache.snapshot();
            return scan(snapshot.objects(), Scan.of(namespace, options, snapshot.revision()));
        }
        await(exact.get());
        var scan = Scan.of(namespace, options, exact.get());
        var snapshot = cache.snapshotAt(exact.get());
        return snapshot.isPresent() ? scan(snapshot.get().objects(), scan) : fromStore(scan);
    }

    /// The revision that must be shown exactly, if any.
    private static Optional<Long> exactRevision(ListOptions options) {
        if (options.token().isPresent()) {
            long revision = options.token().get().revision();
            return revision == ContinueToken.NEWEST ? Optional.empty() : Optional.of(revision);
        }
        boolean exact = options.match() == ListOptions.Match.EXACT
                || options.match() == ListOptions.Match.UNSET && options.limit() > 0;
        return options.revision().filter(r -> exact && r > 0);
    }

    private void awaitRevision(ListOptions options) throws InterruptedException {
        if (options.token().isPresent() || options.revision().isEmpty()) {
            await(store.revision());
        } else {
            await(options.revision().get());
        }
    }

    private void await(long revision) throws InterruptedException {
        if (!caches.awaitFresh(revision)) {
            throw ApiException.tooLargeResourceVersion(revision, caches.reached());
        }
    }

    private static Result scan(SortedTree<CachedObject> objects, Scan scan) {
        var options = scan.options;
        var items = new ArrayList<CachedObject>();
        boolean[] more = {false};
        var pinned = options.fields().exact("metadata.name").filter(name -> !scan.prefix.isEmpty());
        if (pinned.isPresent()) {
            objects.find(scan.prefix + pinned.get()).filter(options::selects).ifPresent(items::add);
            return new Result(items, scan.revision, "", Optional.empty());
        }
        boolean all = options.selectsEverything();
        objects.visit(scan.from, scan.to, object -> {
            if (all || options.selects(object)) {
                if (scan.isFull(items)) {
                    more[0] = true;
                    return false;
                }
                items.add(object);
            }
            return true;
        });
        if (!more[0]) {
            return new Result(items, scan.revision, "", Optional.empty());
        }
        var start = items.getLast().key() + '\0';
        return new Result(
                items,
                scan.revision,
                new ContinueToken(scan.revision, start.substring(scan.prefix.length())).text(),
                all ? Optional.of((long) objects.count(start, scan.to)) : Optional.empty());
    }

    /// Reads a revision that is older than what the cache remembers.
    private Result fromStore(Scan scan) {
        var range = new Range(
                keyPrefix + scan.from,
                scan.to.isEmpty() ? Range.prefix(keyPrefix).to() : Optional.of(keyPrefix + scan.to));
        return switch (store.range(range, scan.revision, 0)) {
            case Store.Read.Page page -> {
                var objects = SortedTree.<CachedObject>empty();
                for (var entry : page.entries()) {
                    var object =
                            cache.wrap(entry.key().substring(keyPrefix.length()), entry.modRevision(), entry.value());
                    objects = objects.with(object.key(), object);
                }
                yield scan(objects, scan);
            }
            case Store.Read.Compacted forgotten -> throw tooOld(scan);
            case Store.Read.Future(long newest) -> throw ApiException.tooLargeResourceVersion(scan.revision, newest);
        };
    }

    private static ApiException tooOld(Scan scan) {
        var token = scan.options.token();
        if (token.isEmpty()) {
            return ApiException.expired("The resourceVersion for the provided list is too old.");
        }
        return new ApiException(Status.failure(410, Reason.EXPIRED, TOO_OLD_CONTINUE)
                .withContinue(token.get().inconsistent().text()));
    }
}
