package dev.kapal.apiserver.audit;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What is logged about which request: the first rule that matches decides, and what no rule matches is not logged.
/// Immutable; any thread. Source: `audit.k8s.io/v1` Policy.
public final class AuditPolicy {
    private final List<Rule> rules;
    private final List<Decision> decisions;

    /// @param omitStages left out of every rule
    /// @param omitManagedFields for the rules that do not say it themselves
    public AuditPolicy(List<Rule> rules, Set<AuditStage> omitStages, boolean omitManagedFields) {
        this.rules = List.copyOf(rules);
        this.decisions = rules.stream()
                .map(rule -> rule.decision(omitStages, omitManagedFields))
                .toList();
    }

    /// @param omitted the stages that are not logged
    public record Decision(AuditLevel level, Set<AuditStage> omitted, boolean omitManagedFields) {
        static final Decision NOTHING = new Decision(AuditLevel.NONE, Set.of(), false);

        public Decision {
            omitted = omitted.isEmpty() ? Set.of() : EnumSet.copyOf(omitted);
        }
    }

    /// Empty lists match everything.
    ///
    /// @param omitManagedFields empty: as the policy says
    public record Rule(
            AuditLevel level,
            List<String> users,
            List<String> userGroups,
            List<String> verbs,
            List<Resources> resources,
            List<String> namespaces,
            List<String> nonResourceUrls,
            Set<AuditStage> omitStages,
            Optional<Boolean> omitManagedFields) {
        public Rule {
            users = List.copyOf(users);
            userGroups = List.copyOf(userGroups);
            verbs = List.copyOf(verbs);
            resources = List.copyOf(resources);
            namespaces = List.copyOf(namespaces);
            nonResourceUrls = List.copyOf(nonResourceUrls);
            omitStages = Set.copyOf(omitStages);
        }

        private Decision decision(Set<AuditStage> alsoOmitted, boolean managedFieldsToo) {
            var omitted = EnumSet.noneOf(AuditStage.class);
            omitted.addAll(omitStages);
            omitted.addAll(alsoOmitted);
            return new Decision(level, omitted, omitManagedFields.orElse(managedFieldsToo));
        }

        boolean matches(User user, RequestInfo info) {
            if (!users.isEmpty() && !users.contains(user.name())
                    || !userGroups.isEmpty() && user.groups().stream().noneMatch(userGroups::contains)
                    || !verbs.isEmpty() && !verbs.contains(info.verb())) {
                return false;
            }
            if (!namespaces.isEmpty() || !resources.isEmpty()) {
                return info.isResource()
                        && (namespaces.isEmpty() || namespaces.contains(info.namespace()))
                        && (resources.isEmpty() || resources.stream().anyMatch(some -> some.match(info)));
            }
            return nonResourceUrls.isEmpty()
                    || !info.isResource() && nonResourceUrls.stream().anyMatch(pattern -> isPath(pattern, info.path()));
        }

        private static boolean isPath(String pattern, String path) {
            return pattern.equals("*")
                    || pattern.equals(path)
                    || pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1));
        }
    }

    /// @param resources `pods`, `pods/log`, `pods/*`, `*/scale`, `*`; empty for the whole group
    /// @param names of objects; empty for all
    public record Resources(String group, List<String> resources, List<String> names) {
        public Resources {
            resources = List.copyOf(resources);
            names = List.copyOf(names);
        }

        boolean match(RequestInfo info) {
            if (!group.equals(info.group())) {
                return false;
            }
            return resources.isEmpty()
                    || (names.isEmpty() || names.contains(info.name()))
                            && resources.stream().anyMatch(pattern -> isResource(pattern, info));
        }

        private static boolean isResource(String pattern, RequestInfo info) {
            String part = info.subresource();
            String whole = part.isEmpty() ? info.resource() : info.resource() + "/" + part;
            return pattern.equals("*")
                    || pattern.equals(whole)
                    || !part.isEmpty() && pattern.equals("*/" + part)
                    || pattern.equals(info.resource() + "/*");
        }
    }

    public Decision decide(User user, RequestInfo info) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).matches(user, info)) {
                return decisions.get(i);
            }
        }
        return Decision.NOTHING;
    }
}
