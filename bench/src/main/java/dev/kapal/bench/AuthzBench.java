package dev.kapal.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.rbac.RbacAuthorizer;
import dev.kapal.apiserver.cache.StoredForm;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import java.util.List;
import java.util.Map;

/// What one decision costs with 10,000 bindings: half of them in namespaces, each for a user of its own, half for one
/// group that everybody is in.
final class AuthzBench {
    private static final int BINDINGS = 10_000;
    private static final int NAMESPACES = 500;
    private static final int QUESTIONS = 2_000_000;
    private static final String ROOT = WatchCaches.ROOT + "rbac.authorization.k8s.io/";

    private final Time time = Time.system();

    Table run() throws Exception {
        var table = new Table("authz");
        try (var store = MemoryStore.open()) {
            fill(store);
            try (var caches = WatchCaches.start(store, time, new Metrics())) {
                var rbac = new RbacAuthorizer(caches);
                long begun = time.nanos();
                rbac.decide(user(0), wish(0, "pods"));
                double load = (time.nanos() - begun) / 1e6;
                table.row("index of 10,000 bindings, built at the first question", "%.0f ms".formatted(load), "", load);
                measure(table, rbac, "allowed by a role binding", "pods");
                measure(table, rbac, "allowed by a cluster role binding to a group", "nodes");
                measure(table, rbac, "refused", "secrets");
                change(table, store, rbac);
            }
        }
        return table;
    }

    private void measure(Table table, RbacAuthorizer rbac, String what, String resource) throws Exception {
        var users = new User[1024];
        var wishes = new RequestInfo[1024];
        for (int i = 0; i < users.length; i++) {
            users[i] = user(i);
            wishes[i] = wish(i, resource);
        }
        int allowed = 0;
        for (int i = 0; i < QUESTIONS / 4; i++) {
            allowed += rbac.decide(users[i & 1023], wishes[i & 1023]).allowed() ? 1 : 0;
        }
        long begun = time.nanos();
        for (int i = 0; i < QUESTIONS; i++) {
            allowed += rbac.decide(users[i & 1023], wishes[i & 1023]).allowed() ? 1 : 0;
        }
        if (allowed != (what.equals("refused") ? 0 : QUESTIONS + QUESTIONS / 4)) {
            throw new IllegalStateException("wrong answers: " + allowed + " allowed");
        }
        double micros = (time.nanos() - begun) / 1e3 / QUESTIONS;
        table.row("one decision, " + what, "%.2f µs".formatted(micros), "≤ 10 µs", micros);
    }

    /// From the write of one binding to the first decision by it.
    private void change(Table table, Store store, RbacAuthorizer rbac) throws Exception {
        var took = new Latencies();
        for (int i = 0; i < 200; i++) {
            var newcomer = User.of("newcomer-" + i, "everybody");
            long begun = time.nanos();
            put(store, "rolebindings/ns-1/new-" + i, binding("ns-1", "new-" + i, newcomer.name()));
            if (!rbac.decide(newcomer, wish(1, "pods")).allowed()) {
                throw new IllegalStateException("a grant is not in force");
            }
            took.add(time.nanos() - begun);
        }
        table.row(
                "one binding written → in force, median",
                Latencies.milliseconds(took.percentile(0.5)),
                "",
                took.percentile(0.5).toNanos() / 1e6);
    }

    private static User user(int i) {
        return new User("user-" + i, "", List.of("everybody", "system:authenticated"), Map.of());
    }

    private static RequestInfo wish(int i, String resource) {
        String namespace = resource.equals("nodes") ? "" : "ns-" + i % NAMESPACES;
        return RequestInfo.resource("get", "", "v1", namespace, resource, "", "one");
    }

    private static void fill(Store store) throws Exception {
        put(store, "clusterroles/_/pod-reader", role("pod-reader", "pods"));
        for (int i = 0; i < BINDINGS / 2; i++) {
            String namespace = "ns-" + i % NAMESPACES;
            put(store, "rolebindings/" + namespace + "/b-" + i, binding(namespace, "b-" + i, "user-" + i));
            String role = "widgets-" + i % 100;
            if (i < 100) {
                put(store, "clusterroles/_/" + role, role(role, i == 99 ? "nodes" : "widgets" + i));
            }
            put(store, "clusterrolebindings/_/g-" + i, groupBinding("g-" + i, role));
        }
    }

    private static void put(Store store, String key, ObjectNode document) throws Exception {
        store.put(ROOT + key, StoredForm.encode(document), Store.Expect.ABSENT);
    }

    private static ObjectNode head(String kind, String namespace, String name) {
        var document = Documents.object();
        document.put("kind", kind).put("apiVersion", "rbac.authorization.k8s.io/v1");
        var metadata = document.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return document;
    }

    private static ObjectNode role(String name, String resource) {
        var role = head("ClusterRole", "", name);
        var rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("");
        rule.putArray("resources").add(resource);
        rule.putArray("verbs").add("get").add("list");
        return role;
    }

    private static ObjectNode binding(String namespace, String name, String user) {
        var binding = head("RoleBinding", namespace, name);
        binding.putObject("roleRef").put("kind", "ClusterRole").put("name", "pod-reader");
        binding.putArray("subjects").addObject().put("kind", "User").put("name", user);
        return binding;
    }

    private static ObjectNode groupBinding(String name, String role) {
        var binding = head("ClusterRoleBinding", "", name);
        binding.putObject("roleRef").put("kind", "ClusterRole").put("name", role);
        binding.putArray("subjects").addObject().put("kind", "Group").put("name", "everybody");
        return binding;
    }
}
