package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.time.Time;
import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.pki.CertificateAuthority;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundleBuilder;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whom pods may trust as the API server.
@Timeout(300)
class ServerTrustTest {
    private static final String SIGNER = "kubernetes.io/kube-apiserver-serving";
    private static final Pattern NAME = Pattern.compile("kubernetes\\.io:kube-apiserver-serving:[0-9a-f]{24}");

    private static ClusterTrustBundle bundle(String suffix) {
        return new ClusterTrustBundleBuilder()
                .withNewMetadata()
                .withName(SIGNER.replace('/', ':') + ":" + suffix)
                .endMetadata()
                .withNewSpec()
                .withSignerName(SIGNER)
                .withTrustBundle(
                        CertificateAuthority.create("stray", Time.system()).certificatePem())
                .endSpec()
                .build();
    }

    private static boolean isTheOnlyOne(Cache<ClusterTrustBundle> all, String pem) {
        return all.all().size() == 1
                && all.all().stream()
                        .allMatch(
                                one -> NAME.matcher(one.getMetadata().getName()).matches()
                                        && SIGNER.equals(one.getSpec().getSignerName())
                                        && pem.equals(one.getSpec().getTrustBundle()));
    }

    @Test
    void isPublishedOnceAndPutRightAgain(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            String pem = town.authorityPem();
            town.await(ClusterTrustBundle.class, "the bundle", all -> isTheOnlyOne(all, pem));
            var name = Key.of(town.cache(ClusterTrustBundle.class).all().getFirst());

            town.api().create(bundle("stray"));
            town.await(ClusterTrustBundle.class, "the stray one gone", all -> isTheOnlyOne(all, pem));
            var own = town.api().fetch(ClusterTrustBundle.class, name).orElseThrow();
            town.api()
                    .update(new ClusterTrustBundleBuilder(own)
                            .withSpec(bundle("x").getSpec())
                            .build());
            town.await(ClusterTrustBundle.class, "its content back", all -> isTheOnlyOne(all, pem));
            town.api().delete(ClusterTrustBundle.class, name, new DeleteOptions());
            town.await(ClusterTrustBundle.class, "the bundle back", all -> isTheOnlyOne(all, pem));
            assertThat(town.api().fetch(ClusterTrustBundle.class, name)).isPresent();
        }
    }
}
