package dev.kapal.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.base.log.Log;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.defaults.Defaults;
import dev.kapal.model.patch.PatchException;
import dev.kapal.model.patch.Patches;

/// Calls the webhooks of all MutatingWebhookConfigurations, one after the other: each sees what those before it made of
/// the object. Any thread.
final class MutatingWebhooks implements AdmissionPlugin.Mutating {
    private static final Log log = Log.of(MutatingWebhooks.class);
    private static final String NAME = "MutatingAdmissionWebhook";
    private static final String TYPE = "admit";

    private final Configurations configurations;
    private final Caller caller;

    MutatingWebhooks(Configurations configurations, Caller caller) {
        this.configurations = configurations;
        this.caller = caller;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (Caller.isExempt(request)) {
            return;
        }
        var webhooks = configurations.current();
        if (webhooks.isEmpty()) {
            return;
        }
        var rounds = request.reinvocation();
        var memory = rounds.memory(NAME);
        if (rounds.isSecondRound() && request.object().filter(memory::isStale).isPresent()) {
            memory.changed();
        }
        int index = 0;
        for (var webhook : webhooks) {
            if (rounds.isSecondRound() && !memory.isDue(webhook.id())) {
                continue;
            }
            var view = caller.view(webhook, request, TYPE);
            if (view.isEmpty()) {
                continue;
            }
            boolean changed = call(webhook, view.get(), (rounds.isSecondRound() ? 1 : 0), index++);
            if (changed) {
                memory.changed();
                rounds.want();
            }
            if (webhook.mayRepeat()) {
                memory.mayRepeat(webhook.id());
            }
        }
        request.object().ifPresent(memory::remember);
    }

    /// Answers whether the object is another one now.
    private boolean call(Webhook webhook, View view, int round, int index) throws InterruptedException {
        var request = view.request();
        long begun = caller.metrics().now();
        var result = caller.call(webhook, view, true);
        caller.metrics().observe(webhook, TYPE, request, result, begun);
        var place = "round_" + round + "_index_" + index;
        return switch (result) {
            case Caller.Result.Answered(var answer) -> {
                answer.warnings().forEach(request.notes()::warn);
                answer.annotations()
                        .forEach((key, value) -> request.notes().annotate(webhook.name() + "/" + key, value));
                boolean changed = apply(webhook, view, answer.patch());
                request.notes().annotate("mutation.webhook.admission.k8s.io/" + place, summary(webhook, changed));
                yield changed;
            }
            case Caller.Result.Refused(var refusal) -> throw refusal;
            case Caller.Result.Failed failure -> {
                if (!webhook.ignoresFailures()) {
                    throw Caller.failed(webhook, failure);
                }
                log.warn("webhook failed, failing open", "webhook", webhook.name(), "why", failure.why());
                request.notes().annotate("failed-open.mutating.webhook.admission.k8s.io/" + place, webhook.name());
                yield false;
            }
        };
    }

    private static String summary(Webhook webhook, boolean mutated) {
        return Documents.text(Documents.object()
                .put("configuration", webhook.configuration())
                .put("webhook", webhook.name())
                .put("mutated", mutated));
    }

    private static boolean apply(Webhook webhook, View view, byte[] patch) {
        if (patch.length == 0) {
            return false;
        }
        if (view.object().isEmpty()) {
            throw ApiException.internal("admission webhook \"" + webhook.name()
                    + "\" attempted to modify the object, which is not supported for this operation");
        }
        var before = view.object().get();
        ObjectNode patched;
        try {
            patched = Patches.json(before.deepCopy(), patch);
            complete(view, patched);
        } catch (PatchException unfit) {
            throw ApiException.internal(unfit.detail());
        } catch (DecodeException unfit) {
            throw ApiException.internal(String.valueOf(unfit.getMessage()));
        }
        if (patched.equals(before)) {
            return false;
        }
        view.adopt(patched);
        return true;
    }

    /// As a body is completed that comes from a client. Other forms than the resource's own have no defaults.
    private static void complete(View view, ObjectNode patched) {
        if (view.kind().equals(view.as().groupVersionKind())) {
            var schema = view.as().schema();
            FieldCheck.types(schema, patched);
            FieldCheck.prune(schema, patched);
            Defaults.apply(schema, patched);
        }
    }
}
