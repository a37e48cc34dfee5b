package dev.kapal.agent.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.agent.env.MissingConfigException;
import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.pod.PodDirs;
import dev.kapal.agent.pod.PodKey;
import dev.kapal.agent.pod.PodVolumes;
import dev.kapal.linux.RecordedMounts;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.ClusterTrustBundleProjection;
import io.fabric8.kubernetes.api.model.ClusterTrustBundleProjectionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundleBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeVolumesTest {
    private static final PodAddresses ADDRESSES = new PodAddresses(List.of("192.0.2.1"), List.of("10.244.0.5"));

    @TempDir
    Path directory;

    private final FakeTime time = new FakeTime();
    private final RecordedMounts mounts = new RecordedMounts();
    private final Map<String, ConfigMap> configMaps = new ConcurrentHashMap<>();
    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
    private final List<ClusterTrustBundle> trustBundles = new ArrayList<>();
    private int tokens;
    private NodeVolumes volumes;
    private PodDirs dirs;

    @BeforeEach
    void make() {
        dirs = new PodDirs(directory.resolve("data"), directory.resolve("logs"));
        volumes = new NodeVolumes(
                dirs,
                mounts,
                references(),
                (pod, audience, ttl) -> new TokenRequests.Token(
                        "token-" + ++tokens + audience.map("-"::concat).orElse(""),
                        time.instant().plus(ttl)),
                Map.of("memory", new Quantity("1Gi"), "cpu", new Quantity("2")),
                time);
    }

    @Test
    void aConfigMapBecomesFilesAndFollowsItsChanges() throws Exception {
        configMaps.put(
                "settings", new ConfigMapBuilder().addToData("color", "blue").build());
        var pod = pod(configMap("settings"));
        var path = Path.of(mount(pod, "", false));
        assertThat(path).isEqualTo(dirs.volumes(PodKey.of(pod)).resolve("kubernetes.io~configmap/v"));
        assertThat(path.resolve("color")).hasContent("blue");
        configMaps.put(
                "settings", new ConfigMapBuilder().addToData("color", "red").build());
        volumes.mount(pod, ADDRESSES);
        assertThat(path.resolve("color")).hasContent("red");
        configMaps.clear();
        volumes.mount(pod, ADDRESSES);
        assertThat(path.resolve("color")).hasContent("red");
    }

    @Test
    void aMissingSourceStopsThePodUnlessItIsOptional() throws Exception {
        assertThatThrownBy(() -> volumes.mount(pod(configMap("settings")), ADDRESSES))
                .isInstanceOf(PodVolumes.VolumeException.class)
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : configmap \"settings\" not found");
        var optional = new VolumeBuilder(configMap("settings"))
                .editConfigMap()
                .withOptional(true)
                .endConfigMap()
                .build();
        try (var files = Files.list(Path.of(mount(pod(optional), "", false)))) {
            assertThat(files.map(file -> file.getFileName().toString())).allMatch(name -> name.startsWith(".."));
        }
    }

    @Test
    void keysGoWhereTheSpecWantsThem() throws Exception {
        secrets.put("keys", new SecretBuilder().addToData("k", "czNjcmV0").build());
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewSecret()
                .withSecretName("keys")
                .withDefaultMode(0444)
                .addNewItem("k", 0400, "deep/key")
                .endSecret()
                .build();
        var path = Path.of(mount(pod(volume), "", false));
        assertThat(path.resolve("deep/key")).hasContent("s3cret");
        assertThat(Ownership.mode(path.resolve("deep/key").toRealPath())).isEqualTo(0400);
        assertThat(mounts.isMountPoint(path)).isTrue();
        var missing = new VolumeBuilder(volume)
                .editSecret()
                .withItems()
                .addNewItem("nope", null, "x")
                .endSecret()
                .withName("w")
                .build();
        assertThatThrownBy(() -> volumes.mount(pod(missing), ADDRESSES))
                .hasMessage("MountVolume.SetUp failed for volume \"w\" : references non-existent secret key: nope");
    }

    @Test
    void aProjectedVolumePutsSourcesTogether() throws Exception {
        configMaps.put("ca", new ConfigMapBuilder().addToData("ca.crt", "PEM").build());
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewProjected()
                .addNewSource()
                .withNewServiceAccountToken(null, 3607L, "token")
                .endSource()
                .addNewSource()
                .withNewConfigMap()
                .withName("ca")
                .endConfigMap()
                .endSource()
                .addNewSource()
                .withNewDownwardAPI()
                .addNewItem()
                .withPath("namespace")
                .withNewFieldRef("v1", "metadata.namespace")
                .endItem()
                .addNewItem()
                .withPath("labels")
                .withNewFieldRef("v1", "metadata.labels")
                .endItem()
                .endDownwardAPI()
                .endSource()
                .endProjected()
                .build();
        var pod = pod(volume);
        var path = Path.of(mount(pod, "", false));
        assertThat(path.resolve("token")).hasContent("token-1");
        assertThat(path.resolve("ca.crt")).hasContent("PEM");
        assertThat(path.resolve("namespace")).hasContent("default");
        assertThat(path.resolve("labels")).hasContent("app=\"web\"");
        volumes.mount(pod, ADDRESSES);
        assertThat(path.resolve("token")).hasContent("token-1");
        time.advance(Duration.ofMinutes(50));
        volumes.mount(pod, ADDRESSES);
        assertThat(path.resolve("token")).hasContent("token-2");
        time.jumpTo(time.instant().minus(Duration.ofDays(1)));
        volumes.mount(pod, ADDRESSES);
        assertThat(path.resolve("token")).as("the clock was ahead").hasContent("token-3");
    }

    private ClusterTrustBundle bundle(String name, String signer, CertificateAuthority... authorities) {
        var pem = new StringBuilder();
        for (var authority : authorities) {
            pem.append("# a remark\n").append(authority.certificatePem());
        }
        return new ClusterTrustBundleBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("stage", name.substring(name.length() - 1))
                .endMetadata()
                .withNewSpec(signer, pem.toString())
                .build();
    }

    private static Volume trusting(ClusterTrustBundleProjection source) {
        return new VolumeBuilder()
                .withName("v")
                .withNewProjected()
                .addNewSource()
                .withClusterTrustBundle(source)
                .endSource()
                .endProjected()
                .build();
    }

    @Test
    void aVolumeShowsWhomTheClusterTrusts() throws Exception {
        var one = CertificateAuthority.create("one", time);
        var two = CertificateAuthority.create("two", time);
        trustBundles.add(bundle("example.com:s:a", "example.com/s", one));
        trustBundles.add(bundle("example.com:s:b", "example.com/s", two, one));
        trustBundles.add(bundle("mine", null, two));
        var named = new ClusterTrustBundleProjectionBuilder().withPath("ca.pem");
        var shown = Path.of(mount(pod(trusting(named.withName("mine").build())), "", false));
        assertThat(shown.resolve("ca.pem")).hasContent(two.certificatePem());
        trustBundles.set(2, bundle("mine", null, one, two));
        volumes.mount(pod(trusting(named.build())), ADDRESSES);
        assertThat(shown.resolve("ca.pem")).hasContent(one.certificatePem() + two.certificatePem());

        var signed =
                new ClusterTrustBundleProjectionBuilder().withPath("ca.pem").withSignerName("example.com/s");
        assertThat(TrustAnchors.of(
                        signed.withNewLabelSelector().endLabelSelector().build(), trustBundles))
                .as("each once")
                .isEqualTo(one.certificatePem() + two.certificatePem());
        assertThat(TrustAnchors.of(
                        signed.withNewLabelSelector()
                                .addToMatchLabels("stage", "a")
                                .endLabelSelector()
                                .build(),
                        trustBundles))
                .isEqualTo(one.certificatePem());
        var none = signed.withLabelSelector(null);
        assertThatThrownBy(() -> TrustAnchors.of(none.build(), trustBundles))
                .hasMessage("combination of signerName and labelSelector matched zero ClusterTrustBundles");
        assertThat(TrustAnchors.of(none.withOptional(true).build(), trustBundles))
                .isEmpty();
        assertThatThrownBy(() -> TrustAnchors.of(named.withName("nobody").build(), trustBundles))
                .hasMessageContaining("clustertrustbundle.certificates.k8s.io \"nobody\" not found");
        trustBundles.clear();
        volumes.mount(pod(trusting(named.withName("mine").build())), ADDRESSES);
        assertThat(shown.resolve("ca.pem")).as("what was shown once stays").isNotEmptyFile();
    }

    @Test
    void anEmptyDirIsOpenToAllAndKeepsItsFiles() throws Exception {
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
        var pod = pod(volume);
        var path = Path.of(mount(pod, "", false));
        assertThat(Ownership.mode(path)).isEqualTo(0777);
        Files.writeString(path.resolve("file"), "x");
        volumes.mount(pod, ADDRESSES);
        assertThat(path.resolve("file")).exists();
        volumes.unmount(PodKey.of(pod));
        assertThat(path).doesNotExist();
    }

    @Test
    void anEmptyDirSaysWhenItHoldsTooMuch() throws Exception {
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("1Ki"))
                .endEmptyDir()
                .build();
        var pod = pod(volume);
        var path = Path.of(mount(pod, "", false));
        Files.write(path.resolve("small"), new byte[1024]);
        assertThat(volumes.overLimit(pod)).isEmpty();
        Files.write(Files.createDirectory(path.resolve("d")).resolve("more"), new byte[1]);
        assertThat(volumes.overLimit(pod)).contains("Usage of EmptyDir volume \"v\" exceeds the limit \"1Ki\". ");
    }

    @Test
    void anEmptyDirInMemoryIsATmpfsThatGoesWithThePod() throws Exception {
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewEmptyDir()
                .withMedium("Memory")
                .withSizeLimit(new Quantity("64Mi"))
                .endEmptyDir()
                .build();
        var pod = pod(volume);
        var path = Path.of(mount(pod, "", false));
        assertThat(mounts.isMountPoint(path)).isTrue();
        volumes.unmount(PodKey.of(pod));
        assertThat(mounts.isMountPoint(path)).isFalse();
    }

    @Test
    void aHostPathIsWhatItsTypeSays() throws Exception {
        var there = Files.createDirectory(directory.resolve("there"));
        assertThat(mount(pod(hostPath(there, "Directory")), "", false)).isEqualTo(there.toString());
        var made = directory.resolve("made/here");
        mount(pod(hostPath(made, "DirectoryOrCreate")), "", false);
        assertThat(made).isDirectory();
        assertThatThrownBy(() -> volumes.mount(pod(hostPath(there, "File")), ADDRESSES))
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : hostPath type check failed: " + there
                        + " is not a file");
    }

    @Test
    void aSubPathStaysInItsVolume() throws Exception {
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
        var pod = pod(volume);
        var path = Path.of(mount(pod, "", false));
        assertThat(mount(pod, "a/b", false))
                .isEqualTo(path.resolve("a/b").toRealPath().toString());
        assertThat(path.resolve("a/b")).isDirectory();
        assertThatThrownBy(() -> mount(pod, "../x", false))
                .isInstanceOf(MissingConfigException.class)
                .hasMessage("unable to provision SubPath `../x`: must not contain '..'");
        Files.createSymbolicLink(path.resolve("out"), Path.of("/etc"));
        assertThatThrownBy(() -> mount(pod, "out", false)).hasMessageContaining("failed to prepare subPath");
    }

    @Test
    void aSubPathExpressionTakesTheContainersVariables() throws Exception {
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
        assertThat(mount(pod(volume), "$(POD)/x", true)).endsWith("/web-1/x");
        assertThatThrownBy(() -> mount(pod(volume), "$(NOPE)", true)).hasMessage("missing value for \"NOPE\"");
        assertThatThrownBy(() -> mount(pod(volume), "$(ROOT)", true))
                .hasMessage("error SubPath `/tmp` must not be an absolute path");
    }

    @Test
    void anUnknownKindOfVolumeIsRefused() {
        var volume = new VolumeBuilder()
                .withName("v")
                .withNewPersistentVolumeClaim("data", false)
                .build();
        assertThatThrownBy(() -> volumes.mount(pod(volume), ADDRESSES))
                .hasMessageContaining("no volume plugin matched");
    }

    /// The host path at which the container would mount the volume.
    private String mount(Pod pod, String subPath, boolean expression) throws Exception {
        var container = new ContainerBuilder()
                .withName("c")
                .addNewVolumeMount()
                .withName("v")
                .withMountPath("/mnt")
                .withSubPath(expression ? null : subPath)
                .withSubPathExpr(expression ? subPath : null)
                .endVolumeMount()
                .build();
        return volumes.mount(pod, ADDRESSES)
                .of(pod, container, Map.of("POD", "web-1", "ROOT", "/tmp"))
                .getFirst()
                .getHostPath();
    }

    private static Volume configMap(String name) {
        return new VolumeBuilder()
                .withName("v")
                .withNewConfigMap()
                .withName(name)
                .endConfigMap()
                .build();
    }

    private static Volume hostPath(Path path, String type) {
        return new VolumeBuilder()
                .withName("v")
                .withNewHostPath(path.toString(), type)
                .build();
    }

    private static Pod pod(Volume volume) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("web-1")
                .withUid("u1")
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addToVolumes(volume)
                .addNewContainer()
                .withName("c")
                .endContainer()
                .endSpec()
                .build();
    }

    private WatchedReferences references() {
        return new WatchedReferences() {
            @Override
            public void follow(Pod pod, Runnable onChange) {
                // the tests say when to look again
            }

            @Override
            public void forget(String uid) {
                // nothing is followed
            }

            @Override
            public List<ClusterTrustBundle> trustBundles() {
                return List.copyOf(trustBundles);
            }

            @Override
            public Optional<ConfigMap> configMap(String namespace, String name) {
                return Optional.ofNullable(configMaps.get(name));
            }

            @Override
            public Optional<Secret> secret(String namespace, String name) {
                return Optional.ofNullable(secrets.get(name));
            }
        };
    }
}
