package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.audit.AuditAnnotations;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.model.GroupResource;

/// Asks whether the user may do this. The words of the refusal are upstream's.
final class Authorizing implements Filter {
    private final Authorizer authorizer;
    private final AccessMetrics metrics;

    Authorizing(Authorizer authorizer, AccessMetrics metrics) {
        this.authorizer = authorizer;
        this.metrics = metrics;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        long begun = metrics.now();
        var decision = authorizer.decide(call.user(), call.info());
        metrics.authorized(decision, begun);
        AuditAnnotations.add("authorization.k8s.io/decision", decision.allowed() ? "allow" : "forbid");
        AuditAnnotations.add("authorization.k8s.io/reason", decision.reason());
        refuseUnlessAllowed(decision, call.user(), call.info());
        next.handle(call.with(info -> require(authorizer, call.user(), info)));
    }

    static void require(Authorizer authorizer, User user, RequestInfo info) throws InterruptedException {
        refuseUnlessAllowed(authorizer.decide(user, info), user, info);
    }

    private static void refuseUnlessAllowed(Authorizer.Decision decision, User user, RequestInfo info) {
        if (!decision.allowed()) {
            if (!decision.error().isEmpty()) {
                throw ApiException.internal(decision.error());
            }
            String why = sentence(user, info) + (decision.reason().isEmpty() ? "" : ": " + decision.reason());
            throw ApiException.forbidden(new GroupResource(info.group(), info.resource()), info.name(), why);
        }
    }

    private static String sentence(User user, RequestInfo info) {
        String who = "User \"" + user.name() + "\" cannot " + info.verb() + " ";
        if (!info.isResource()) {
            return who + "path \"" + info.path() + "\"";
        }
        String resource = info.subresource().isEmpty() ? info.resource() : info.resource() + "/" + info.subresource();
        String where =
                info.namespace().isEmpty() ? "at the cluster scope" : "in the namespace \"" + info.namespace() + "\"";
        return who + "resource \"" + resource + "\" in API group \"" + info.group() + "\" " + where;
    }
}
