package dev.kapal.apiserver.admission.webhook;

import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Asks the webhooks of all ValidatingWebhookConfigurations, all at once; the first in order that refuses gives the
/// answer. Any thread; each call has one of its own.
final class ValidatingWebhooks implements AdmissionPlugin.Validating {
    private static final Log log = Log.of(ValidatingWebhooks.class);
    private static final String TYPE = "validating";

    private final Configurations configurations;
    private final Caller caller;
    private final Life life;

    ValidatingWebhooks(Configurations configurations, Caller caller, Life life) {
        this.configurations = configurations;
        this.caller = caller;
        this.life = life;
    }

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    private record Asked(Webhook webhook, FutureTask<Caller.Result> call) {}

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (Caller.isExempt(request)) {
            return;
        }
        var webhooks = configurations.current();
        if (webhooks.isEmpty()) {
            return;
        }
        var asked = new ArrayList<Asked>();
        for (var webhook : webhooks) {
            var view = caller.view(webhook, request, TYPE);
            view.ifPresent(seen -> asked.add(new Asked(webhook, new FutureTask<>(() -> ask(webhook, seen)))));
        }
        if (asked.size() == 1) {
            asked.getFirst().call().run(); // no thread for one
        } else {
            asked.forEach(one -> life.spawn("validate", one.call()::run));
        }
        hear(request, asked);
    }

    private Caller.Result ask(Webhook webhook, View view) throws InterruptedException {
        long begun = caller.metrics().now();
        var result = caller.call(webhook, view, false);
        caller.metrics().observe(webhook, TYPE, view.request(), result, begun);
        return result;
    }

    private static void hear(AdmissionRequest request, List<Asked> asked) throws InterruptedException {
        var refusals = new ArrayList<RuntimeException>();
        int index = 0;
        for (var one : asked) {
            var webhook = one.webhook();
            switch (result(one.call())) {
                case Caller.Result.Answered(var answer) -> {
                    answer.warnings().forEach(request.notes()::warn);
                    answer.annotations()
                            .forEach((key, value) -> request.notes().annotate(webhook.name() + "/" + key, value));
                }
                case Caller.Result.Refused(var refusal) -> refusals.add(refusal);
                case Caller.Result.Failed failure -> {
                    if (!webhook.ignoresFailures()) {
                        refusals.add(Caller.failed(webhook, failure));
                    } else {
                        log.warn("webhook failed, failing open", "webhook", webhook.name(), "why", failure.why());
                        request.notes()
                                .annotate(
                                        "failed-open.validating.webhook.admission.k8s.io/round_0_index_" + index,
                                        webhook.name());
                    }
                }
            }
            index++;
        }
        if (!refusals.isEmpty()) {
            throw refusals.getFirst();
        }
    }

    private static Caller.Result result(FutureTask<Caller.Result> call) throws InterruptedException {
        try {
            return call.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException defect -> throw defect;
                case InterruptedException stop -> throw stop;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }
}
