package dev.kapal.apiserver.admission.webhook;

import dev.kapal.apiserver.admission.AdmissionContext;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.webhook.Calling;
import dev.kapal.apiserver.webhook.ServiceAddresses;
import dev.kapal.model.GroupVersionResource;

/// Both plugins, which share how webhooks are called.
public final class AdmissionWebhooks {
    private static final String GROUP = "admissionregistration.k8s.io";

    private final AdmissionContext context;
    private final Calling calling;
    private final Caller caller;

    public AdmissionWebhooks(AdmissionContext context) {
        this.context = context;
        this.calling = new Calling(
                new ServiceAddresses(context.objects()::find, context.random()), context.life(), context.time());
        this.caller = new Caller(
                context.objects(),
                context.registry(),
                context.authorizer(),
                context.random(),
                new WebhookMetrics(context.metrics(), context.time()));
    }

    public AdmissionPlugin mutating() {
        return new MutatingWebhooks(configurations("mutatingwebhookconfigurations"), caller);
    }

    public AdmissionPlugin validating() {
        return new ValidatingWebhooks(configurations("validatingwebhookconfigurations"), caller, context.life());
    }

    private Configurations configurations(String plural) {
        var resource = new GroupVersionResource(GROUP, "v1", plural);
        return new Configurations(resource, context.objects(), calling);
    }
}
