package dev.kapal.apiserver.authz.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.apiserver.cache.StoredForm;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// The default policy, question by question: every subject of `matrix.txt` × every resource and subresource that there
/// is × every verb.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MatrixTest {
    private static final String ROOT = WatchCaches.ROOT + "rbac.authorization.k8s.io/";
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE = List.of("create", "update", "patch", "delete", "deletecollection");
    private static final List<String> SPECIAL =
            List.of("impersonate", "escalate", "bind", "approve", "sign", "attest", "proxy", "use");

    private final DefaultPolicy policy = DefaultPolicy.load();
    private final Set<String> resources = new TreeSet<>();
    private final Set<String> paths = new TreeSet<>(List.of("/", "/logs", "/debug/pprof/", "/metrics", "/openid/v1/x"));
    private final Map<String, Map<String, Set<String>>> matrix = new LinkedHashMap<>();
    private Store store;
    private WatchCaches caches;
    private RbacAuthorizer rbac;

    @BeforeAll
    void start() throws Exception {
        readMatrix();
        store = MemoryStore.open();
        for (var role : policy.roles()) {
            put(role.namespace().isEmpty() ? "clusterroles" : "roles", role.namespace(), role.name(), gathered(role));
        }
        for (var binding : policy.bindings()) {
            String plural = binding.namespace().isEmpty() ? "clusterrolebindings" : "rolebindings";
            put(plural, binding.namespace(), binding.name(), binding.document());
        }
        for (var role : List.of("view", "edit", "admin")) {
            put("rolebindings", "shop", role, binding(role));
        }
        caches = WatchCaches.start(store, Time.system(), new Metrics());
        rbac = new RbacAuthorizer(caches);
        everyResource();
    }

    @AfterAll
    void stop() {
        caches.close();
        store.close();
    }

    private void put(String plural, String namespace, String name, ObjectNode document) throws Exception {
        String key = ROOT + plural + "/" + (namespace.isEmpty() ? "_" : namespace) + "/" + name;
        store.put(key, StoredForm.encode(document), Store.Expect.ABSENT);
    }

    private static ObjectNode binding(String role) {
        var binding = Documents.object().put("kind", "RoleBinding").put("apiVersion", "rbac.authorization.k8s.io/v1");
        binding.putObject("metadata").put("name", role).put("namespace", "shop");
        binding.putObject("roleRef").put("kind", "ClusterRole").put("name", role);
        binding.putArray("subjects").addObject().put("kind", "User").put("name", "with " + role);
        return binding;
    }

    /// What the controller for aggregated roles does.
    private ObjectNode gathered(DefaultPolicy.Role role) {
        var document = role.document();
        if (!role.from().isEmpty()) {
            var rules = new ArrayList<PolicyRule>();
            gather(role, rules);
            var list = document.putArray("rules");
            rules.forEach(rule -> list.add(rule.document()));
        }
        return document;
    }

    private void gather(DefaultPolicy.Role role, List<PolicyRule> rules) {
        for (var other : policy.roles()) {
            if (other.into().stream().anyMatch(role.from()::contains)) {
                rules.addAll(other.rules());
                gather(other, rules);
            }
        }
    }

    private void everyResource() {
        for (var definition : ResourceRegistry.builtIn().all()) {
            String group = definition.groupVersion().group();
            String name = (group.isEmpty() ? "" : group + "/") + definition.plural();
            resources.add(name);
            resources.add(name + "/status");
            resources.add(name + "/finalizers");
            definition.subresources().forEach(sub -> resources.add(name + "/" + sub.name()));
        }
        for (var role : policy.roles()) {
            for (var rule : role.rules()) {
                for (var group : rule.apiGroups()) {
                    rule.resources().stream()
                            .filter(resource -> !resource.contains("*") && !group.equals("*"))
                            .forEach(resource -> resources.add((group.isEmpty() ? "" : group + "/") + resource));
                }
            }
        }
    }

    private void readMatrix() throws IOException {
        String section = "";
        try (var in = MatrixTest.class.getResourceAsStream("matrix.txt")) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("[")) {
                    section = line.substring(1, line.length() - 1);
                    if (!section.equals("people")) {
                        matrix.put(section, new LinkedHashMap<>());
                    }
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    read(section, line.strip().split("\\s+"));
                }
            }
        }
        // the policy's rules for the group extensions, which no server has had since 1.16, are not in the documentation
        resources.removeIf(name -> name.startsWith("extensions/"));
    }

    private void read(String section, String[] words) {
        if (section.equals("people")) {
            expect("view", words[0], words[1]);
            expect("edit", words[0], words[2]);
            expect("admin", words[0], words[3]);
        } else if (words[0].equals("url")) {
            for (var path : Arrays.asList(words).subList(1, words.length)) {
                paths.add(path);
                matrix.get(section).put("url " + path, Set.of("get"));
            }
        } else {
            expect(section, words[0], words[1]);
        }
    }

    private void expect(String section, String resource, String words) {
        var verbs = new LinkedHashSet<String>();
        for (var word : words.split(",")) {
            switch (word) {
                case "-" -> {}
                case "r" -> verbs.addAll(READ);
                case "w" -> verbs.addAll(WRITE);
                case "rw" -> {
                    verbs.addAll(READ);
                    verbs.addAll(WRITE);
                }
                default -> verbs.add(word);
            }
        }
        resources.add(resource);
        matrix.computeIfAbsent(section, key -> new LinkedHashMap<>()).put(resource, verbs);
    }

    private static User user(String section) {
        var words = section.split(" ", 2);
        return switch (words[0]) {
            case "everybody" -> User.of("somebody", "system:authenticated");
            case "strangers" -> User.of(User.ANONYMOUS, "system:unauthenticated");
            case "user" -> User.of(words[1]);
            case "group" -> User.of("a member", words[1]);
            case "account" -> {
                String namespace = words[1].split(":")[0];
                yield User.of(
                        "system:serviceaccount:" + words[1],
                        words[1].equals("default:default") ? "system:serviceaccounts" : "none",
                        "system:serviceaccounts:" + namespace);
            }
            default -> User.of("with " + section);
        };
    }

    @TestFactory
    List<DynamicTest> eachMayDoWhatIsDocumentedAndNothingElse() {
        return matrix.keySet().stream()
                .map(section -> DynamicTest.dynamicTest(section, () -> check(section)))
                .toList();
    }

    private void check(String section) throws Exception {
        var expected = matrix.get(section);
        var user = user(section);
        boolean peoples = List.of("view", "edit", "admin").contains(section);
        var wrong = new ArrayList<String>();
        var verbs = new ArrayList<>(READ);
        verbs.addAll(WRITE);
        verbs.addAll(SPECIAL);
        for (var resource : resources) {
            if (peoples && resource.startsWith("extensions/")) {
                continue;
            }
            for (var verb : verbs) {
                boolean wanted = expected.getOrDefault(resource, Set.of()).contains(verb);
                if (rbac.decide(user, question(verb, resource)).allowed() != wanted) {
                    wrong.add((wanted ? "not allowed: " : "allowed: ") + verb + " " + resource);
                }
            }
        }
        for (var path : paths) {
            for (var verb : List.of("get", "post", "delete")) {
                boolean wanted = expected.getOrDefault("url " + path, Set.of()).contains(verb);
                if (rbac.decide(user, RequestInfo.nonResource(verb, path)).allowed() != wanted) {
                    wrong.add((wanted ? "not allowed: " : "allowed: ") + verb + " " + path);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static RequestInfo question(String verb, String name) {
        var parts = new ArrayList<>(List.of(name.split("/")));
        boolean grouped = parts.getFirst().contains(".")
                || List.of("apps", "batch", "autoscaling", "policy", "extensions")
                        .contains(parts.getFirst());
        String group = grouped ? parts.removeFirst() : "";
        return RequestInfo.resource(verb, group, "v1", "shop", parts.get(0), parts.size() > 1 ? parts.get(1) : "", "");
    }

    @Test
    void theAdministratorsRoleMayDoEverything() throws Exception {
        var master = User.of("root", User.MASTERS);
        for (var resource : resources) {
            for (var verb : WRITE) {
                assertThat(rbac.decide(master, question(verb, resource)).allowed())
                        .isTrue();
            }
        }
        assertThat(rbac.decide(master, RequestInfo.nonResource("POST", "/anything"))
                        .allowed())
                .isTrue();
    }

    @Test
    void eachControllersRoleBelongsToItsAccount() {
        var accounts = new TreeSet<String>();
        for (var binding : policy.bindings()) {
            if (binding.role().startsWith("system:controller:")
                    && binding.namespace().isEmpty()) {
                String name = binding.role().substring("system:controller:".length());
                assertThat(binding.subjects())
                        .containsExactly(new Binding.Subject("ServiceAccount", name, "kube-system"));
                accounts.add(name);
            }
        }
        var roles = policy.roles().stream()
                .filter(role -> role.namespace().isEmpty() && role.name().startsWith("system:controller:"))
                .toList();
        assertThat(roles).hasSize(accounts.size());
        // who writes roles, reads everybody's secrets by name, or acts for others, is counted by hand
        assertThat(roles.stream()
                        .filter(role -> role.rules().stream().anyMatch(MatrixTest::isDangerous))
                        .map(DefaultPolicy.Role::name))
                .containsExactlyInAnyOrder(
                        "system:controller:clusterrole-aggregation-controller",
                        "system:controller:generic-garbage-collector",
                        "system:controller:namespace-controller",
                        "system:controller:resourcequota-controller");
    }

    private static boolean isDangerous(PolicyRule rule) {
        boolean all =
                rule.resources().contains(PolicyRule.ALL) && rule.apiGroups().contains(PolicyRule.ALL);
        boolean secrets =
                rule.resources().contains("secrets") && rule.verbs().stream().anyMatch(READ::contains);
        return all
                || secrets
                || rule.verbs().contains("escalate")
                || rule.verbs().contains("impersonate");
    }
}
