package dev.kapal.apiserver.admission;

import dev.kapal.apiserver.admission.AdmissionPlugin.Mutating;
import dev.kapal.apiserver.admission.AdmissionPlugin.Validating;
import dev.kapal.apiserver.admission.optional.AlwaysDeny;
import dev.kapal.apiserver.admission.optional.AlwaysPullImages;
import dev.kapal.apiserver.admission.optional.DenyServiceExternalIPs;
import dev.kapal.apiserver.admission.optional.ExtendedResourceToleration;
import dev.kapal.apiserver.admission.optional.LimitPodHardAntiAffinityTopology;
import dev.kapal.apiserver.admission.optional.OwnerReferences;
import dev.kapal.apiserver.admission.optional.PodNodeSelector;
import dev.kapal.apiserver.admission.podsecurity.PodSecurity;
import dev.kapal.apiserver.admission.policy.MutatingPolicies;
import dev.kapal.apiserver.admission.policy.ValidatingPolicies;
import dev.kapal.apiserver.admission.quota.ResourceQuotaAdmission;
import dev.kapal.apiserver.admission.webhook.AdmissionWebhooks;
import java.util.ArrayList;
import java.util.List;

/// The chain of plugins, in the order in which they look at a write. Any thread.
public final class Admission {
    private final List<Mutating> mutating = new ArrayList<>();
    private final List<Validating> validating = new ArrayList<>();
    private final AdmissionMetrics metrics;

    Admission(List<AdmissionPlugin> plugins, AdmissionMetrics metrics) {
        this.metrics = metrics;
        for (var plugin : plugins) {
            if (plugin instanceof Mutating mutates) {
                mutating.add(mutates);
            }
            if (plugin instanceof Validating validates) {
                validating.add(validates);
            }
        }
    }

    /// The plugins that are on, in upstream's order. Each line that depends on its place says why.
    public static Admission of(AdmissionContext context) {
        var objects = context.objects();
        var webhooks = new AdmissionWebhooks(context);
        var all = List.<AdmissionPlugin>of(
                new NamespaceLifecycle(objects), // first: nothing else matters in a namespace that is not there
                new LimitPodHardAntiAffinityTopology(),
                new LimitRanger(objects),
                new ServiceAccountAdmission(objects, context.random()), // adds volumes, so before what looks at them
                new NodeRestriction(objects),
                new TaintNodesByCondition(),
                new AlwaysPullImages(),
                new PodSecurity(context.choice().podSecurity(), objects, context.metrics()),
                new PodNodeSelector(objects),
                new Priority(objects),
                new DefaultTolerationSeconds(context.choice().patience()),
                new ExtendedResourceToleration(),
                new DefaultStorageClass(objects),
                new StorageObjectInUseProtection(),
                new OwnerReferences(context.registry(), context.authorizer()),
                new PersistentVolumeClaimResize(objects),
                new RuntimeClassAdmission(objects),
                new CertificateApproval(new SignerRights(context.authorizer())),
                new CertificateSigning(new SignerRights(context.authorizer())),
                new ClusterTrustBundleAttest(new SignerRights(context.authorizer())),
                new CertificateSubjectRestriction(),
                new DefaultIngressClass(objects),
                new DenyServiceExternalIPs(),
                // what users add sees what the server has filled in
                new MutatingPolicies(context),
                webhooks.mutating(),
                new ValidatingPolicies(context),
                webhooks.validating());
        var on = new ArrayList<>(all.stream()
                .filter(plugin -> context.choice().isOn(plugin.name()))
                .toList());
        on.addAll(context.guards()); // after what changes: they judge the object as it will be written
        var quota = new ResourceQuotaAdmission(objects, context.writer(), context.time());
        if (context.choice().isOn(quota.name())) {
            on.add(quota); // last: nobody may refuse what it has accounted for
        }
        if (context.choice().isOn("AlwaysDeny")) {
            on.add(new AlwaysDeny());
        }
        return new Admission(on, new AdmissionMetrics(context.metrics(), context.time()));
    }

    /// The first phase: plugins fill in and change the new object, in place.
    public void mutate(AdmissionRequest request) throws InterruptedException {
        long begun = metrics.now();
        try {
            mutateOnce(request);
            if (request.reinvocation().next()) {
                mutateOnce(request);
            }
        } catch (RuntimeException refusal) {
            metrics.step("admit", request, true, begun);
            throw refusal;
        }
        metrics.step("admit", request, false, begun);
    }

    /// The second phase, on the object as it is going to be stored.
    public void validate(AdmissionRequest request) throws InterruptedException {
        long begun = metrics.now();
        try {
            for (var plugin : validating) {
                metrics.measure(plugin.name(), "validate", request, () -> plugin.validate(request));
            }
        } catch (RuntimeException refusal) {
            metrics.step("validate", request, true, begun);
            throw refusal;
        }
        metrics.step("validate", request, false, begun);
    }

    private void mutateOnce(AdmissionRequest request) throws InterruptedException {
        for (var plugin : mutating) {
            metrics.measure(plugin.name(), "admit", request, () -> plugin.mutate(request));
        }
    }
}
