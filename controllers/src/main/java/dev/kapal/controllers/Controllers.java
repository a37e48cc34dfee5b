package dev.kapal.controllers;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Reconciler;
import dev.kapal.client.ReconcilerRunner;
import dev.kapal.controllers.bootstrap.BootstrapSignerReconciler;
import dev.kapal.controllers.bootstrap.TokenCleanupReconciler;
import dev.kapal.controllers.certificates.CertificateApprovalReconciler;
import dev.kapal.controllers.certificates.CertificateCleanupReconciler;
import dev.kapal.controllers.certificates.CertificateSigningReconciler;
import dev.kapal.controllers.clusterrole.ClusterRoleAggregationReconciler;
import dev.kapal.controllers.deployment.DeploymentReconciler;
import dev.kapal.controllers.disruption.DisruptionReconciler;
import dev.kapal.controllers.endpoints.EndpointsReconciler;
import dev.kapal.controllers.endpointslice.EndpointSliceReconciler;
import dev.kapal.controllers.endpointslice.MirrorReconciler;
import dev.kapal.controllers.garbage.GarbageCollector;
import dev.kapal.controllers.namespace.NamespaceReconciler;
import dev.kapal.controllers.node.NodeHealthReconciler;
import dev.kapal.controllers.nodeipam.NodeIpamReconciler;
import dev.kapal.controllers.podgc.PodGcReconciler;
import dev.kapal.controllers.replicaset.ReplicaSetReconciler;
import dev.kapal.controllers.replicaset.ReplicaSets;
import dev.kapal.controllers.replication.ReplicationControllers;
import dev.kapal.controllers.resourcequota.QuotaController;
import dev.kapal.controllers.rootca.RootCaReconciler;
import dev.kapal.controllers.serviceaccount.ServiceAccountReconciler;
import dev.kapal.controllers.servicecidr.IpAddressReconciler;
import dev.kapal.controllers.servicecidr.ServiceCidrReconciler;
import dev.kapal.controllers.storageprotection.AttributesClassProtectionReconciler;
import dev.kapal.controllers.storageprotection.ClaimProtectionReconciler;
import dev.kapal.controllers.storageprotection.VolumeProtectionReconciler;
import dev.kapal.controllers.taint.TaintEvictionReconciler;
import dev.kapal.controllers.token.TokenSecretReconciler;
import dev.kapal.controllers.trustbundle.ServerTrustReconciler;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.ServiceAccountKeys;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Starts and stops all controllers of a cluster. All wiring is here, in start order.
public final class Controllers implements AutoCloseable {
    private final Life life = new Life("controllers");
    private final Time time;
    private final Metrics metrics;

    private Controllers(Time time, Metrics metrics) {
        this.time = time;
        this.metrics = metrics;
    }

    /// What the controllers must know about the cluster.
    ///
    /// @param caPem the certificates that pods trust the API server by (kube-root-ca.crt)
    /// @param clusterCidr the range that nodes get their pod ranges from
    /// @param nodeMaskSize the prefix length of one node's range
    /// @param nodeMonitorGrace how long a node may be silent before it counts as failed
    /// @param signer signs certificates that were asked for through the API; empty where its key is not at hand
    /// @param tokens signs tokens that lie in Secrets; asked for the first one; empty where the key is not at hand
    public record Config(
            String caPem,
            String clusterCidr,
            int nodeMaskSize,
            Duration nodeMonitorGrace,
            Optional<CertificateAuthority> signer,
            Optional<Supplier<ServiceAccountKeys>> tokens) {
        public Config(String caPem, String clusterCidr, int nodeMaskSize, Duration nodeMonitorGrace) {
            this(caPem, clusterCidr, nodeMaskSize, nodeMonitorGrace, Optional.empty(), Optional.empty());
        }

        /// The usual ranges, with an authority that signs.
        public static Config defaults(CertificateAuthority signer) {
            var defaults = defaults(signer.certificatePem());
            return new Config(
                    defaults.caPem,
                    defaults.clusterCidr,
                    defaults.nodeMaskSize,
                    defaults.nodeMonitorGrace,
                    Optional.of(signer),
                    Optional.empty());
        }

        public Config withTokens(Supplier<ServiceAccountKeys> keys) {
            return new Config(caPem, clusterCidr, nodeMaskSize, nodeMonitorGrace, signer, Optional.of(keys));
        }

        /// A /24 per node out of 10.244.0.0/16; 50 seconds of silence.
        public static Config defaults(String caPem) {
            return new Config(caPem, "10.244.0.0/16", 24, Duration.ofSeconds(50));
        }
    }

    /// Starts all controllers with watches of their own.
    public static Controllers start(KubernetesClient client, Config config, Time time, Metrics metrics) {
        var controllers = new Controllers(time, metrics);
        var informers = controllers.life.own(new Informers(client, time, metrics));
        controllers.open(client, informers, config);
        return controllers;
    }

    /// Starts all controllers on watches that the process shares; `informers` stay open on [#close].
    public static Controllers start(
            KubernetesClient client, Informers informers, Config config, Time time, Metrics metrics) {
        var controllers = new Controllers(time, metrics);
        controllers.open(client, informers, config);
        return controllers;
    }

    private void open(KubernetesClient client, Informers informers, Config config) {
        var api = new Api(client);
        var events = life.own(new EventRecorder(client, time));
        // What every namespace and node needs before anything can run.
        run("serviceaccount", new ServiceAccountReconciler(informers, api), 1);
        run("root_ca_cert_publisher", new RootCaReconciler(informers, api, config.caPem()), 1);
        run("ca_cert_publisher_cluster_trust_bundles", new ServerTrustReconciler(informers, api, config.caPem()), 1)
                .wake(ServerTrustReconciler.KEY);
        config.tokens()
                .ifPresent(keys -> run(
                        "serviceaccount_tokens_controller",
                        new TokenSecretReconciler(informers, api, keys, config.caPem()),
                        1));
        run("clusterrole_aggregation_controller", new ClusterRoleAggregationReconciler(informers, api), 1);
        run(
                "cidrallocator_node",
                new NodeIpamReconciler(informers, api, events, config.clusterCidr(), config.nodeMaskSize()),
                1);
        run("bootstrap_signer", new BootstrapSignerReconciler(informers, api, time), 1);
        run("token_cleaner", new TokenCleanupReconciler(informers, api, time), 1);
        run("csrapproving", new CertificateApprovalReconciler(informers, api), 1);
        config.signer()
                .ifPresent(
                        signer -> run("csrsigning", new CertificateSigningReconciler(informers, api, signer, time), 1));
        run("csrcleaner", new CertificateCleanupReconciler(informers, api, time), 1);
        // Pods and what makes them.
        run("replicaset", new ReplicaSetReconciler<>(new ReplicaSets(), informers, api, events, time), 5);
        run(
                "replicationmanager",
                new ReplicaSetReconciler<>(new ReplicationControllers(), informers, api, events, time),
                5);
        run("deployment", new DeploymentReconciler(informers, api, events, time), 5);
        run("disruption", new DisruptionReconciler(informers, api, events, time), 1);
        // How pods are reached.
        run("endpoint_slice", new EndpointSliceReconciler(informers, api), 5);
        run("endpoint_slice_mirroring", new MirrorReconciler(informers, api), 2);
        run("service_cidr_controller", new ServiceCidrReconciler(informers, api, time::instant), 1);
        run("ip_address", new IpAddressReconciler(informers, api), 2);
        run("endpoint", new EndpointsReconciler(informers, api, events), 5);
        // What becomes of failing nodes and their pods.
        run(
                "node_lifecycle_controller",
                new NodeHealthReconciler(informers, api, events, config.nodeMonitorGrace(), time),
                4);
        run("noexec_taint_pod", new TaintEvictionReconciler(informers, api, events, time), 4);
        run("pod_gc", new PodGcReconciler(informers, api, time), 1).wake(PodGcReconciler.SWEEP);
        // What keeps storage that is used, and what keeps namespaces within their bounds.
        run("pvc_protection_controller", new ClaimProtectionReconciler(informers, api), 1);
        run("pv_protection_controller", new VolumeProtectionReconciler(informers, api), 1);
        run("vac_protection_controller", new AttributesClassProtectionReconciler(informers, api), 1);
        life.own(QuotaController.start(informers, api, 5, time, metrics));
        // How things end.
        life.own(GarbageCollector.start(api, 10, time, metrics));
        run("namespace", new NamespaceReconciler(informers, api, time), 10);
    }

    private ReconcilerRunner run(String name, Reconciler reconciler, int workers) {
        return life.own(ReconcilerRunner.start(name, reconciler, workers, time, metrics));
    }

    @Override
    public void close() {
        life.close();
    }
}
