package dev.kapal.agent.volume;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.agent.env.MissingConfigException;
import dev.kapal.model.select.LabelSelector;
import dev.kapal.pki.Pem;
import io.fabric8.kubernetes.api.model.ClusterTrustBundleProjection;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// The certificates that a volume shows of the cluster's trust bundles: of the one that it names, or of all of a signer
/// that its selector matches; each certificate once. Pure. Source: ClusterTrustBundleProjection API.
final class TrustAnchors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TrustAnchors() {}

    /// In PEM; empty when there are none and there need be none.
    static String of(ClusterTrustBundleProjection source, List<ClusterTrustBundle> all) {
        boolean named = source.getName() != null;
        var chosen = new ArrayList<>(all);
        chosen.removeIf(
                bundle -> named ? !source.getName().equals(bundle.getMetadata().getName()) : !isMeant(source, bundle));
        if (chosen.isEmpty() && !Boolean.TRUE.equals(source.getOptional())) {
            throw new MissingConfigException(
                    named
                            ? "while getting ClusterTrustBundle: clustertrustbundle.certificates.k8s.io \""
                                    + source.getName() + "\" not found"
                            : "combination of signerName and labelSelector matched zero ClusterTrustBundles");
        }
        chosen.sort(Comparator.comparing(bundle -> bundle.getMetadata().getName()));
        var certificates = new LinkedHashSet<X509Certificate>();
        chosen.forEach(
                bundle -> certificates.addAll(Pem.certificates(bundle.getSpec().getTrustBundle())));
        return Pem.encode(List.copyOf(certificates));
    }

    /// A selector that is absent matches nothing.
    private static boolean isMeant(ClusterTrustBundleProjection source, ClusterTrustBundle bundle) {
        if (source.getLabelSelector() == null
                || !source.getSignerName().equals(bundle.getSpec().getSignerName())) {
            return false;
        }
        var labels = bundle.getMetadata().getLabels();
        return LabelSelector.fromDocument(JSON.valueToTree(source.getLabelSelector()))
                .test(labels == null ? Map.of() : labels);
    }
}
