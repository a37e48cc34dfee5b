package dev.kapal.controllers.certificates;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.pki.CertificateRequest;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.Subject;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Approves requests of node agents for their client certificates, when whoever asks may `create` the subresource
/// `selfnodeclient` (a renewal, by the node itself) or `nodeclient` (the first one, with a bootstrap token). Keys are
/// requests.
///
/// Certificates that nodes serve with are approved here, too, for names that are certainly theirs ([ServingNames]):
/// upstream leaves that to people, and a cluster that nobody watches would be without logs and exec. All others wait
/// for `kubectl certificate approve`.
public final class CertificateApprovalReconciler implements Reconciler {
    private static final Duration LATER = Duration.ofSeconds(30);

    private final Cache<CertificateSigningRequest> requests;
    private final Cache<Node> nodes;
    private final ServingNames names;
    private final Api api;

    public CertificateApprovalReconciler(Informers informers, Api api) {
        this.requests = informers.of(CertificateSigningRequest.class);
        this.nodes = informers.of(Node.class);
        this.names = new ServingNames(informers);
        this.api = api;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(requests), Wake.on(nodes, change -> waiting(change.latest())));
    }

    /// A node may ask for its addresses before they are seen here.
    private List<Key> waiting(Node node) {
        String user = "system:node:" + node.getMetadata().getName();
        return requests.all().stream()
                .filter(request ->
                        SignerRules.NODE_SERVING.equals(request.getSpec().getSignerName())
                                && user.equals(request.getSpec().getUsername())
                                && !isDecided(request))
                .map(Key::of)
                .toList();
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var found = requests.find(key);
        if (found.isEmpty() || isDecided(found.get())) {
            return Outcome.settled();
        }
        var request = found.get();
        try {
            var parsed = Requests.parsed(request);
            return switch (request.getSpec().getSignerName()) {
                case SignerRules.NODE_CLIENT -> nodeClient(request, parsed);
                case SignerRules.NODE_SERVING -> nodeServing(request, parsed);
                default -> Outcome.settled();
            };
        } catch (PkiException unreadable) {
            return new Outcome.GiveUp(unreadable.getMessage());
        }
    }

    private static boolean isDecided(CertificateSigningRequest request) {
        return Requests.certificate(request).isPresent()
                || Requests.has(request, Requests.APPROVED)
                || Requests.has(request, Requests.DENIED);
    }

    private Outcome nodeClient(CertificateSigningRequest request, CertificateRequest parsed)
            throws InterruptedException {
        if (SignerRules.nodeClient(parsed, request.getSpec().getUsages()).isPresent()) {
            return Outcome.settled();
        }
        var tried = new ArrayList<String>();
        boolean self = Subject.of(parsed.subject())
                .commonName()
                .equals(request.getSpec().getUsername());
        if (self) {
            tried.add("selfnodeclient");
            if (may(request, "selfnodeclient")) {
                approve(request, "Auto approving self kubelet client certificate after SubjectAccessReview.");
                return Outcome.settled();
            }
        }
        tried.add("nodeclient");
        if (may(request, "nodeclient")) {
            approve(request, "Auto approving kubelet client certificate after SubjectAccessReview.");
            return Outcome.settled();
        }
        // Somebody may get the right later, or approve it by hand.
        return Outcome.again(
                LATER,
                "recognized csr \"%s\" as %s but subject access review was not approved"
                        .formatted(request.getMetadata().getName(), tried));
    }

    private Outcome nodeServing(CertificateSigningRequest request, CertificateRequest parsed)
            throws InterruptedException {
        var spec = request.getSpec();
        boolean own = Subject.of(parsed.subject()).commonName().equals(spec.getUsername())
                && spec.getGroups() != null
                && spec.getGroups().contains("system:nodes");
        if (!own
                || SignerRules.objection(spec.getSignerName(), parsed, spec.getUsages())
                        .isPresent()) {
            return Outcome.settled();
        }
        if (!names.areOf(spec.getUsername().substring("system:node:".length()), parsed.names())) {
            return Outcome.again(
                    LATER, "not all the names and addresses that are asked for are certainly those of this node");
        }
        approve(request, "Auto approving kubelet serving certificate for the node's own addresses.");
        return Outcome.settled();
    }

    private boolean may(CertificateSigningRequest request, String subresource) throws InterruptedException {
        var spec = request.getSpec();
        var review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(spec.getUsername())
                .withUid(spec.getUid())
                .withGroups(spec.getGroups())
                .withExtra(spec.getExtra())
                .withNewResourceAttributes()
                .withGroup("certificates.k8s.io")
                .withResource("certificatesigningrequests")
                .withVerb("create")
                .withSubresource(subresource)
                .endResourceAttributes()
                .endSpec()
                .build();
        SubjectAccessReview answer = api.create(review);
        return answer.getStatus() != null
                && Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }

    private void approve(CertificateSigningRequest request, String message) throws InterruptedException {
        api.update(
                new CertificateSigningRequestBuilder(request)
                        .editOrNewStatus()
                        .addNewCondition()
                        .withType(Requests.APPROVED)
                        .withStatus("True")
                        .withReason("AutoApproved")
                        .withMessage(message)
                        .endCondition()
                        .endStatus()
                        .build(),
                "approval");
    }
}
