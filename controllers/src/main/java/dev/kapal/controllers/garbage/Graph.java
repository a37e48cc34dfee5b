package dev.kapal.controllers.garbage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Who owns whom, by uid. Any thread; the watches write, the workers read.
final class Graph {
    /// Guards both maps.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    record Node(Resource resource, Observed object) {}

    /// Takes in the newest state of an object; the uids that are worth a look because of it.
    Set<String> put(Node node) {
        lock.lock();
        try {
            String uid = node.object().uid();
            var before = Optional.ofNullable(nodes.put(uid, node)).map(Node::object);
            var due = new LinkedHashSet<String>();
            relink(
                    uid,
                    before.map(Observed::ownerUids).orElse(List.of()),
                    node.object().ownerUids(),
                    due);
            var now = node.object();
            before.ifPresent(old -> unblocked(old, now, due));
            if (now.orphansDependents() || now.awaitsDependents()) {
                due.add(uid);
            }
            if (now.awaitsDependents()
                    && !before.map(Observed::awaitsDependents).orElse(false)) {
                due.addAll(dependents.getOrDefault(uid, Set.of()));
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    /// Forgets an object that is gone; its dependents and the owners that may wait for it are worth a look.
    Set<String> remove(Observed last) {
        lock.lock();
        try {
            var due = new LinkedHashSet<>(dependents.getOrDefault(last.uid(), Set.of()));
            nodes.remove(last.uid());
            for (String owner : last.ownerUids()) {
                unlink(last.uid(), owner);
                due.add(owner);
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    Optional<Node> find(String uid) {
        lock.lock();
        try {
            return Optional.ofNullable(nodes.get(uid));
        } finally {
            lock.unlock();
        }
    }

    List<Node> dependents(String uid) {
        lock.lock();
        try {
            var found = new ArrayList<Node>();
            for (String dependent : dependents.getOrDefault(uid, Set.of())) {
                Optional.ofNullable(nodes.get(dependent)).ifPresent(found::add);
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return nodes.size();
        } finally {
            lock.unlock();
        }
    }

    private void relink(String uid, List<String> before, List<String> now, Set<String> due) {
        for (String owner : before) {
            if (!now.contains(owner)) {
                unlink(uid, owner);
                due.add(owner); // it may have waited for us
                due.add(uid);
            }
        }
        for (String owner : now) {
            dependents.computeIfAbsent(owner, o -> new LinkedHashSet<>(2)).add(uid);
            var there = nodes.get(owner);
            if (there == null || there.object().awaitsDependents()) {
                due.add(uid);
            }
        }
    }

    /// Owners that may have waited for the object and need not any more.
    private static void unblocked(Observed before, Observed now, Set<String> due) {
        before.ownerUids().stream()
                .filter(owner -> before.isBlocking(owner) && !now.isBlocking(owner))
                .forEach(due::add);
    }

    private void unlink(String uid, String owner) {
        dependents.computeIfPresent(owner, (o, set) -> {
            set.remove(uid);
            return set.isEmpty() ? null : set;
        });
    }
}
