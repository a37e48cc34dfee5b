package dev.kapal.cel.library;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.kapal.cel.Authorization;
import dev.kapal.cel.Authorization.Decision;
import dev.kapal.cel.Authorization.PathCheck;
import dev.kapal.cel.Authorization.RequestResource;
import dev.kapal.cel.Authorization.ResourceCheck;
import java.util.List;

/// What an expression can ask of the authorizer. Source: Kubernetes CEL library, authz and its selectors.
public final class Authorizers {
    public static final OpaqueType AUTHORIZER = OpaqueType.create("kubernetes.authorization.Authorizer");
    public static final OpaqueType RESOURCE_CHECK = OpaqueType.create("kubernetes.authorization.ResourceCheck");

    private static final OpaqueType PATH_CHECK = OpaqueType.create("kubernetes.authorization.PathCheck");
    private static final OpaqueType GROUP_CHECK = OpaqueType.create("kubernetes.authorization.GroupCheck");
    private static final OpaqueType DECISION = OpaqueType.create("kubernetes.authorization.Decision");
    private static final CelType STRING = SimpleType.STRING;

    private Authorizers() {}

    /// An authorizer that asks for somebody else.
    private record ServiceAccount(Authorization authorization, String user) implements Authorization {
        @Override
        public Decision decide(Check check) {
            return authorization.decide(check);
        }
    }

    record Path(Authorization authorization, String user, String path) {}

    record Group(Authorization authorization, String user, String group) {}

    record Resource(Authorization authorization, ResourceCheck asked) {
        Resource with(String verb, String subresource, String namespace, String name, String fields, String labels) {
            return new Resource(
                    authorization,
                    new ResourceCheck(
                            asked.user(),
                            verb,
                            asked.group(),
                            asked.version(),
                            asked.resource(),
                            subresource,
                            namespace,
                            name,
                            fields,
                            labels));
        }
    }

    /// A variable's value as these functions know it.
    public static Object value(RequestResource request) {
        var path = request.path();
        return new Resource(
                request.authorization(),
                new ResourceCheck(
                        "", "", path.get(0), path.get(1), path.get(2), path.get(3), path.get(4), path.get(5), "", ""));
    }

    static FunctionSet functions() {
        return new FunctionSet()
                .member("path", "authorizer_path", PATH_CHECK, List.of(AUTHORIZER, STRING), args -> path(args))
                .member(
                        "group",
                        "authorizer_group",
                        GROUP_CHECK,
                        List.of(AUTHORIZER, STRING),
                        args -> new Group((Authorization) args[0], user(args[0]), (String) args[1]))
                .member(
                        "serviceAccount",
                        "authorizer_serviceaccount",
                        AUTHORIZER,
                        List.of(AUTHORIZER, STRING, STRING),
                        args -> new ServiceAccount(
                                (Authorization) args[0], "system:serviceaccount:" + args[1] + ":" + args[2]))
                .member(
                        "resource",
                        "groupcheck_resource",
                        RESOURCE_CHECK,
                        List.of(GROUP_CHECK, STRING),
                        args -> resource((Group) args[0], (String) args[1]))
                .member("subresource", "resourcecheck_subresource", RESOURCE_CHECK, two(RESOURCE_CHECK), args -> {
                    var check = (Resource) args[0];
                    var asked = check.asked();
                    return check.with(
                            "",
                            (String) args[1],
                            asked.namespace(),
                            asked.name(),
                            asked.fieldSelector(),
                            asked.labelSelector());
                })
                .member("namespace", "resourcecheck_namespace", RESOURCE_CHECK, two(RESOURCE_CHECK), args -> {
                    var check = (Resource) args[0];
                    var asked = check.asked();
                    return check.with(
                            "",
                            asked.subresource(),
                            (String) args[1],
                            asked.name(),
                            asked.fieldSelector(),
                            asked.labelSelector());
                })
                .member("name", "resourcecheck_name", RESOURCE_CHECK, two(RESOURCE_CHECK), args -> {
                    var check = (Resource) args[0];
                    var asked = check.asked();
                    return check.with(
                            "",
                            asked.subresource(),
                            asked.namespace(),
                            (String) args[1],
                            asked.fieldSelector(),
                            asked.labelSelector());
                })
                .member("fieldSelector", "authorizer_fieldselector", RESOURCE_CHECK, two(RESOURCE_CHECK), args -> {
                    var check = (Resource) args[0];
                    var asked = check.asked();
                    return check.with(
                            "",
                            asked.subresource(),
                            asked.namespace(),
                            asked.name(),
                            (String) args[1],
                            asked.labelSelector());
                })
                .member("labelSelector", "authorizer_labelselector", RESOURCE_CHECK, two(RESOURCE_CHECK), args -> {
                    var check = (Resource) args[0];
                    var asked = check.asked();
                    return check.with(
                            "", asked.subresource(), asked.namespace(), asked.name(), asked.fieldSelector(), (String)
                                    args[1]);
                })
                .member("check", "pathcheck_check", DECISION, two(PATH_CHECK), args -> {
                    var check = (Path) args[0];
                    return check.authorization().decide(new PathCheck(check.user(), (String) args[1], check.path()));
                })
                .member("check", "resourcecheck_check", DECISION, two(RESOURCE_CHECK), args -> {
                    var check = (Resource) args[0];
                    var asked = check.asked();
                    return check.authorization()
                            .decide(check.with(
                                            (String) args[1],
                                            asked.subresource(),
                                            asked.namespace(),
                                            asked.name(),
                                            asked.fieldSelector(),
                                            asked.labelSelector())
                                    .asked());
                })
                .member(
                        "allowed",
                        "decision_allowed",
                        SimpleType.BOOL,
                        List.of(DECISION),
                        args -> ((Decision) args[0]).allowed())
                .member("reason", "decision_reason", STRING, List.of(DECISION), args -> ((Decision) args[0]).reason())
                .member(
                        "errored",
                        "decision_errored",
                        SimpleType.BOOL,
                        List.of(DECISION),
                        args -> !((Decision) args[0]).error().isEmpty())
                .member("error", "decision_error", STRING, List.of(DECISION), args -> ((Decision) args[0]).error());
    }

    private static List<CelType> two(CelType target) {
        return List.of(target, STRING);
    }

    private static String user(Object authorizer) {
        return authorizer instanceof ServiceAccount account ? account.user() : "";
    }

    private static Path path(Object[] args) {
        if (((String) args[1]).isEmpty()) {
            throw new IllegalArgumentException("path must not be empty");
        }
        return new Path((Authorization) args[0], user(args[0]), (String) args[1]);
    }

    private static Resource resource(Group group, String resource) {
        if (resource.isEmpty()) {
            throw new IllegalArgumentException("resource must not be empty");
        }
        return new Resource(
                group.authorization(),
                new ResourceCheck(group.user(), "", group.group(), "*", resource, "", "", "", "", ""));
    }
}
