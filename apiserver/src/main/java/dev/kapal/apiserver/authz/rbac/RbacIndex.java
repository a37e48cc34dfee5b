package dev.kapal.apiserver.authz.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.Authorizer.Decision;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.apiserver.authz.Rules;
import dev.kapal.apiserver.cache.Followed;
import dev.kapal.apiserver.cache.WatchCaches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Roles and bindings by subject. Any thread.
///
/// It has no thread of its own: whoever asks first after a change takes the change over from the watch caches. A change
/// touches the subjects of its bindings only, and their tables are built when they are next asked for.
final class RbacIndex {
    private static final String GROUP = "rbac.authorization.k8s.io/";
    private static final String ACCOUNT = "system:serviceaccount:";

    private final WatchCaches caches;
    private final List<Followed> sources;
    /// Guards all below but the tables themselves, which are read without.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, List<PolicyRule>> roles = new HashMap<>();
    private final Map<String, Binding> bindings = new HashMap<>();
    private final Map<String, Set<String>> bindingsOfRole = new HashMap<>();
    private final Map<String, Subject> users = new ConcurrentHashMap<>();
    private final Map<String, Subject> groups = new ConcurrentHashMap<>();

    RbacIndex(WatchCaches caches) {
        this.caches = caches;
        this.sources = List.of(
                new Followed(caches.cache(GROUP + "clusterroles"), this::role),
                new Followed(caches.cache(GROUP + "roles"), this::role),
                new Followed(caches.cache(GROUP + "clusterrolebindings"), this::binding),
                new Followed(caches.cache(GROUP + "rolebindings"), this::binding));
    }

    /// What binds one user or group, by namespace; the empty one holds what is bound cluster-wide.
    private static final class Subject {
        private final Map<String, Scope> scopes = new ConcurrentHashMap<>();
    }

    /// The bindings of one subject in one namespace.
    private static final class Scope {
        private final Set<String> bindings = new TreeSet<>();
        /// Null when something changed since it was built.
        private volatile RuleTable table;
    }

    /// Takes over what changed; answers whether anything did.
    boolean refresh() {
        boolean behind = false;
        for (var source : sources) {
            behind |= source.isBehind();
        }
        if (!behind) {
            return false;
        }
        lock.lock();
        try {
            sources.forEach(Followed::drain);
        } finally {
            lock.unlock();
        }
        return true;
    }

    /// As [#refresh], after waiting for all writes that were answered before this call.
    boolean refreshToNewest() throws InterruptedException {
        caches.awaitNewest();
        return refresh();
    }

    // the questions

    /// The first grant to the user or one of its groups that covers the question; null if there is none.
    Decision find(User user, RequestInfo info) {
        String combined = info.subresource().isEmpty() ? info.resource() : info.resource() + "/" + info.subresource();
        var found = find(users, user.name(), info, combined);
        for (int i = 0; found == null && i < user.groups().size(); i++) {
            found = find(groups, user.groups().get(i), info, combined);
        }
        return found;
    }

    private Decision find(Map<String, Subject> subjects, String name, RequestInfo info, String combined) {
        var subject = subjects.get(name);
        if (subject == null) {
            return null;
        }
        var found = table(subject, "").find(info, combined);
        return found == null && !info.namespace().isEmpty()
                ? table(subject, info.namespace()).find(info, combined)
                : found;
    }

    private RuleTable table(Subject subject, String namespace) {
        var scope = subject.scopes.get(namespace);
        if (scope == null) {
            return RuleTable.EMPTY;
        }
        var table = scope.table;
        return table == null ? build(subject, scope) : table;
    }

    /// The roles that are bound to the user and do not exist.
    Set<String> missing(User user, String namespace) {
        var missing = new LinkedHashSet<String>();
        for (var scope : namespace.isEmpty() ? List.of("") : List.of("", namespace)) {
            for (var subject : subjectsOf(user)) {
                missing.addAll(table(subject, scope).missing());
            }
        }
        return missing;
    }

    /// All rules that hold for the user in a namespace.
    Rules rules(User user, String namespace) {
        lock.lock();
        try {
            var rules = new ArrayList<PolicyRule>();
            var errors = new LinkedHashSet<String>();
            var seen = new HashSet<String>();
            for (var where : namespace.isEmpty() ? List.of("") : List.of("", namespace)) {
                for (var subject : subjectsOf(user)) {
                    var scope = subject.scopes.get(where);
                    for (var key : scope == null ? Set.<String>of() : scope.bindings) {
                        collect(bindings.get(key), rules, errors, seen.add(key));
                    }
                }
            }
            return new Rules(rules, !errors.isEmpty(), List.copyOf(errors));
        } finally {
            lock.unlock();
        }
    }

    private void collect(Binding binding, List<PolicyRule> rules, Set<String> errors, boolean first) {
        var granted = roles.get(binding.roleKey());
        if (granted == null) {
            errors.add(binding.missing());
        } else if (first) {
            rules.addAll(granted);
        }
    }

    /// The rules of a role.
    ///
    /// @param key as the watch cache writes it
    Optional<List<PolicyRule>> role(String key) {
        lock.lock();
        try {
            return Optional.ofNullable(roles.get(key));
        } finally {
            lock.unlock();
        }
    }

    private List<Subject> subjectsOf(User user) {
        var found = new ArrayList<Subject>();
        var self = users.get(user.name());
        if (self != null) {
            found.add(self);
        }
        for (var name : user.groups()) {
            var group = groups.get(name);
            if (group != null) {
                found.add(group);
            }
        }
        return found;
    }

    private RuleTable build(Subject subject, Scope scope) {
        lock.lock();
        try {
            if (scope.table != null) {
                return scope.table;
            }
            var table = new RuleTable();
            for (var key : scope.bindings) {
                var binding = bindings.get(key);
                var rules = roles.get(binding.roleKey());
                if (rules == null) {
                    table.addMissing(binding.missing());
                    continue;
                }
                for (var member : binding.subjects()) {
                    if (find(member, binding) == subject) {
                        table.add(rules, Decision.allow(binding.reason(member)));
                        break;
                    }
                }
            }
            scope.table = table;
            return table;
        } finally {
            lock.unlock();
        }
    }

    // the changes, all under the lock

    private void role(String key, Optional<ObjectNode> document) {
        if (document.isPresent()) {
            roles.put(key, PolicyRule.listOf(document.get().path("rules")));
        } else {
            roles.remove(key);
        }
        for (var binding : bindingsOfRole.getOrDefault(key, Set.of())) {
            forget(bindings.get(binding));
        }
    }

    private void forget(Binding binding) {
        for (var member : binding.subjects()) {
            var subject = find(member, binding);
            var scope = subject == null ? null : subject.scopes.get(binding.namespace());
            if (scope != null) {
                scope.table = null;
            }
        }
    }

    private void binding(String key, Optional<ObjectNode> document) {
        var before = bindings.remove(key);
        if (before != null) {
            unlink(key, before);
        }
        if (document.isPresent()) {
            String namespace = key.substring(0, key.indexOf('/'));
            var binding = Binding.of(namespace.equals("_") ? "" : namespace, document.get());
            bindings.put(key, binding);
            link(key, binding);
        }
    }

    private void link(String key, Binding binding) {
        bindingsOfRole
                .computeIfAbsent(binding.roleKey(), role -> new HashSet<>())
                .add(key);
        for (var member : binding.subjects()) {
            var subjects = subjects(member);
            if (subjects != null) {
                var scope = subjects.computeIfAbsent(name(member, binding), name -> new Subject())
                        .scopes
                        .computeIfAbsent(binding.namespace(), namespace -> new Scope());
                scope.bindings.add(key);
                scope.table = null;
            }
        }
    }

    private void unlink(String key, Binding binding) {
        var ofRole = bindingsOfRole.get(binding.roleKey());
        ofRole.remove(key);
        if (ofRole.isEmpty()) {
            bindingsOfRole.remove(binding.roleKey());
        }
        for (var member : binding.subjects()) {
            var subject = find(member, binding);
            var scope = subject == null ? null : subject.scopes.get(binding.namespace());
            if (scope == null) {
                continue;
            }
            scope.bindings.remove(key);
            scope.table = null;
            if (scope.bindings.isEmpty()) {
                subject.scopes.remove(binding.namespace());
            }
            if (subject.scopes.isEmpty()) {
                subjects(member).remove(name(member, binding));
            }
        }
    }

    private Subject find(Binding.Subject member, Binding binding) {
        var subjects = subjects(member);
        return subjects == null ? null : subjects.get(name(member, binding));
    }

    /// Null for a kind that grants nothing.
    private Map<String, Subject> subjects(Binding.Subject member) {
        return switch (member.kind()) {
            case "User", "ServiceAccount" -> users;
            case "Group" -> groups;
            default -> null;
        };
    }

    /// The name that authentication gives to the member.
    private static String name(Binding.Subject member, Binding binding) {
        return member.kind().equals("ServiceAccount")
                ? ACCOUNT + binding.namespaceOf(member) + ":" + member.name()
                : member.name();
    }
}
