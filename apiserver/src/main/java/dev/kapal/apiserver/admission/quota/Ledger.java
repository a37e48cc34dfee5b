package dev.kapal.apiserver.admission.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.admission.ObjectWriter;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.base.time.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/// The account of one namespace. Requests that come while a quota is being written wait, and the next writer takes all
/// of them into one write: a crowd costs few writes. The write is conditional on the quota's version, so that other
/// servers and the controller cannot get lost either. Any thread.
final class Ledger {
    /// The controller and other servers may be faster now and then, not for ever.
    private static final int ATTEMPTS = 20;

    private final String namespace;
    private final ObjectReader objects;
    private final ObjectWriter writer;
    private final Time time;
    private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
    /// Guards the account; held while quotas are written.
    private final ReentrantLock lock = new ReentrantLock();

    Ledger(String namespace, ObjectReader objects, ObjectWriter writer, Time time) {
        this.namespace = namespace;
        this.objects = objects;
        this.writer = writer;
        this.time = time;
    }

    /// One request with what became of it. Written and read under the lock.
    private static final class Entry {
        private final AdmissionRequest request;
        private Optional<ApiException> refusal = Optional.empty();
        private boolean done;

        Entry(AdmissionRequest request) {
            this.request = request;
        }
    }

    /// One quota while a crowd is being counted.
    private static final class Running {
        private final CachedObject stored;
        private Account account;

        Running(CachedObject stored, Account account) {
            this.stored = stored;
            this.account = account;
        }

        boolean hasChanged() {
            return !account.used().isSame(Account.of(stored.document()).used());
        }

        ObjectNode document() {
            var document = stored.document();
            document.withObjectProperty("status").set("used", account.used().document());
            return document;
        }
    }

    /// Throws the refusal when the request does not fit.
    void charge(AdmissionRequest request) throws InterruptedException {
        var entry = new Entry(request);
        waiting.add(entry);
        lock.lockInterruptibly();
        try {
            if (!entry.done) {
                settle();
            }
        } finally {
            lock.unlock();
        }
        if (entry.refusal.isPresent()) {
            throw entry.refusal.get();
        }
    }

    /// Decides on all that wait; every one of them is done afterwards.
    private void settle() throws InterruptedException {
        var crowd = new ArrayList<Entry>();
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            crowd.add(next);
        }
        try {
            settle(crowd);
        } catch (RuntimeException failure) {
            var refusal = failure instanceof ApiException known
                    ? known
                    : ApiException.internal("resource quota evaluation failed: " + failure.getMessage());
            crowd.stream().filter(entry -> !entry.done).forEach(entry -> entry.refusal = Optional.of(refusal));
        } finally {
            crowd.forEach(entry -> entry.done = true);
        }
    }

    /// Quotas that were written keep what was added; only those where somebody was faster are counted again.
    private void settle(List<Entry> crowd) throws InterruptedException {
        var open = List.<String>of();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var quotas = read(open);
            for (var entry : crowd) {
                if (!entry.done) {
                    count(entry, quotas);
                }
            }
            open = write(quotas);
            if (open.isEmpty()) {
                return;
            }
        }
        throw ApiException.modified(ResourceQuotaAdmission.QUOTAS.groupResource(), String.join(", ", open));
    }

    /// @param names only these; all when empty
    private List<Running> read(List<String> names) throws InterruptedException {
        return objects.list(ResourceQuotaAdmission.QUOTAS, namespace).stream()
                .filter(cached -> names.isEmpty() || names.contains(cached.name()))
                .map(cached -> new Running(cached, Account.of(cached.document())))
                .toList();
    }

    private void count(Entry entry, List<Running> quotas) {
        var next = new ArrayList<Account>(quotas.size());
        try {
            var charge = Charge.of(entry.request, time.instant());
            for (var quota : quotas) {
                next.add(quota.account.plus(charge));
            }
        } catch (ApiException refusal) {
            entry.refusal = Optional.of(refusal);
            entry.done = true;
            return;
        }
        if (entry.request.dryRun()) {
            entry.done = true;
            return;
        }
        for (int i = 0; i < next.size(); i++) {
            quotas.get(i).account = next.get(i);
        }
    }

    /// Answers with the quotas that somebody else has changed meanwhile.
    private List<String> write(List<Running> quotas) throws InterruptedException {
        var stale = new ArrayList<String>();
        for (var quota : quotas) {
            if (quota.hasChanged() && !writer.replace(ResourceQuotaAdmission.QUOTAS, quota.stored, quota.document())) {
                stale.add(quota.stored.name());
            }
        }
        return stale;
    }
}
