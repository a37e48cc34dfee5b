package dev.kapal.apiserver.admission.policy;

import dev.kapal.apiserver.admission.AdmissionContext;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.expressions.MatchConditions.Outcome;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.apiserver.admission.policy.Invocations.Failure;
import dev.kapal.apiserver.admission.policy.Invocations.Invocation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.cel.CelMetrics;
import dev.kapal.cel.CompileException;
import dev.kapal.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lets the MutatingAdmissionPolicies that are bound change new objects, one after the other. Any thread.
public final class MutatingPolicies implements AdmissionPlugin.Mutating {
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String NAME = "MutatingAdmissionPolicy";

    private final PolicySource<Mutations> policies;
    private final Invocations invocations;
    private final Authorizer authorizer;
    private final PolicyMetrics metrics;

    public MutatingPolicies(AdmissionContext context) {
        this.policies = new PolicySource<>(
                new GroupVersionResource(GROUP, "v1beta1", "mutatingadmissionpolicies"),
                new GroupVersionResource(GROUP, "v1beta1", "mutatingadmissionpolicybindings"),
                context.objects(),
                Mutations::of,
                new CelMetrics(context.metrics(), context.time()));
        this.invocations = new Invocations(context);
        this.authorizer = context.authorizer();
        this.metrics = PolicyMetrics.mutating(context.metrics(), context.time());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (Exempt.is(request)) {
            return;
        }
        var bound = policies.current();
        if (bound.isEmpty()) {
            return;
        }
        var rounds = request.reinvocation();
        var memory = rounds.memory(NAME);
        if (rounds.isSecondRound() && request.object().filter(memory::isStale).isPresent()) {
            memory.changed();
        }
        var failures = new ArrayList<Failure>();
        var invalid = new ArrayList<Failure>();
        for (var invocation : invocations.of(request, bound, failures)) {
            if (request.object().isEmpty() || rounds.isSecondRound() && !memory.isDue(invocation.id())) {
                continue;
            }
            if (mutate(request, invocation, invalid)) {
                memory.changed();
                rounds.want();
            }
            if (invocation.policy().mayRepeat()) {
                memory.mayRepeat(invocation.id());
            }
        }
        request.object().ifPresent(memory::remember);
        refuseIfAny(request, failures, invalid);
    }

    /// Answers whether the object is another one now.
    private boolean mutate(AdmissionRequest request, Invocation<Mutations> invocation, List<Failure> failures)
            throws InterruptedException {
        var policy = invocation.policy();
        var binding = invocation.binding();
        var namespace = invocations.namespace(request);
        var values = invocation.values(request, namespace, authorizer);
        switch (policy.conditions().evaluate(() -> values)) {
            case Outcome.DoesNotHold no -> {
                return false;
            }
            case Outcome.Failed(var why) -> {
                failures.add(new Failure(policy, Optional.of(binding), why));
                return false;
            }
            case Outcome.Holds holds -> {}
        }
        boolean changed = false;
        long begun = metrics.now();
        try {
            var mutations = policy.expressions();
            for (int i = 0; i < mutations.size(); i++) {
                var view = View.of(request, invocation.as());
                var current = invocation.values(request, namespace, authorizer);
                var next = mutations.apply(i, view, current);
                if (next.isPresent() && !next.get().equals(view.object().orElseThrow())) {
                    view.adopt(next.get());
                    changed = true;
                }
            }
            metrics.observe(policy.name(), binding.name(), "allow", "no_error", begun);
        } catch (Mutations.Impossible impossible) {
            metrics.observe(policy.name(), binding.name(), "deny", "invalid_error", begun);
            failures.add(new Failure(policy, Optional.of(binding), impossible.getMessage()));
        } catch (CompileException unusable) {
            metrics.observe(policy.name(), binding.name(), "deny", "compile_error", begun);
            failures.add(new Failure(policy, Optional.empty(), "failed to configure policy: " + unusable.getMessage()));
        }
        return changed;
    }

    private static void refuseIfAny(AdmissionRequest request, List<Failure> failures, List<Failure> invalid) {
        var all = new ArrayList<>(failures);
        all.addAll(invalid);
        all.removeIf(failure -> failure.policy().ignoresFailures());
        if (all.isEmpty()) {
            return;
        }
        var first = all.getFirst();
        var causes = all.stream()
                .map(failure -> new Status.Cause("", text(failure), ""))
                .toList();
        var details = request.forbidden("").status().details().orElseThrow().causes(causes);
        // upstream gives the code of a refusal also to what it calls invalid
        var reason = invalid.contains(first) ? Reason.INVALID : Reason.FORBIDDEN;
        throw new ApiException(Status.failure(403, reason, text(first), details));
    }

    private static String text(Failure failure) {
        var name = failure.policy().name();
        return failure.binding()
                .map(binding ->
                        "policy '" + name + "' with binding '" + binding.name() + "' denied request: " + failure.why())
                .orElseGet(() -> "policy \"" + name + "\" denied request: " + failure.why());
    }
}
