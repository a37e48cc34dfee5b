package dev.kapal.model.defaults;

import static dev.kapal.model.Trees.apps;
import static dev.kapal.model.Trees.core;
import static dev.kapal.model.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsTest {

    @Test
    void ofAPod() {
        assertDefaults(core("Pod"), """
                metadata: {name: a}
                spec:
                  containers:
                  - name: c
                    image: web
                    ports: [{containerPort: 80}]
                    readinessProbe: {httpGet: {port: 80}, periodSeconds: 0}
                    resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m}}
                  volumes: [{name: empty}, {name: s, secret: {secretName: x}}, {name: h, hostPath: {path: /}},
                    {name: p, projected: {sources: [{serviceAccountToken: {path: t}}, {downwardAPI: {items: [
                      {path: n, fieldRef: {fieldPath: metadata.name}}]}}]}}]
                """, """
                metadata: {name: a}
                spec:
                  containers:
                  - name: c
                    image: web
                    imagePullPolicy: Always
                    ports: [{containerPort: 80, protocol: TCP}]
                    readinessProbe: {httpGet: {port: 80, path: /, scheme: HTTP}, periodSeconds: 10, timeoutSeconds: 1,
                      successThreshold: 1, failureThreshold: 3}
                    resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 500m, memory: 1Gi}}
                    terminationMessagePath: /dev/termination-log
                    terminationMessagePolicy: File
                  volumes: [{name: empty, emptyDir: {}}, {name: s, secret: {secretName: x, defaultMode: 420}},
                    {name: h, hostPath: {path: /, type: ""}},
                    {name: p, projected: {defaultMode: 420, sources: [{serviceAccountToken: {path: t, expirationSeconds: 3600}},
                      {downwardAPI: {items: [{path: n, fieldRef: {apiVersion: v1, fieldPath: metadata.name}}]}}]}}]
                  dnsPolicy: ClusterFirst
                  enableServiceLinks: true
                  restartPolicy: Always
                  schedulerName: default-scheduler
                  securityContext: {}
                  terminationGracePeriodSeconds: 30
                status: {}
                """);
    }

    @Test
    void ofADeploymentLeaveItsTemplateUnlikeAPod() {
        assertDefaults(
                apps("Deployment"),
                "{spec: {selector: {}, template: {spec: {containers: [{name: c, image: 'a:1', resources: {limits: {cpu: 1}}}]}}}}",
                """
                spec:
                  selector: {}
                  replicas: 1
                  revisionHistoryLimit: 10
                  progressDeadlineSeconds: 600
                  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
                  template:
                    metadata: {}
                    spec:
                      containers:
                      - {name: c, image: 'a:1', imagePullPolicy: IfNotPresent, resources: {limits: {cpu: 1}},
                         terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File}
                      dnsPolicy: ClusterFirst
                      restartPolicy: Always
                      schedulerName: default-scheduler
                      securityContext: {}
                      terminationGracePeriodSeconds: 30
                status: {}
                """);
    }

    @Test
    void ofADeploymentThatRecreates() {
        var deployment = tree("{spec: {strategy: {type: Recreate}, replicas: 0}}");
        Defaults.apply(apps("Deployment"), deployment);
        assertThat(deployment.at("/spec/strategy")).isEqualTo(tree("{type: Recreate}"));
        assertThat(deployment.at("/spec/replicas").intValue()).isZero();
    }

    @Test
    void ofServices() {
        assertDefaults(core("Service"), "{spec: {ports: [{port: 80}, {port: 81, targetPort: web}]}}", """
                spec: {type: ClusterIP, sessionAffinity: None, internalTrafficPolicy: Cluster,
                  ports: [{port: 80, protocol: TCP, targetPort: 80}, {port: 81, protocol: TCP, targetPort: web}]}
                status: {loadBalancer: {}}
                """);
        assertDefaults(core("Service"), "{spec: {type: NodePort, sessionAffinity: ClientIP}}", """
                spec: {type: NodePort, sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}},
                  internalTrafficPolicy: Cluster, externalTrafficPolicy: Cluster}
                status: {loadBalancer: {}}
                """);
        assertDefaults(
                core("Service"),
                "{spec: {type: ExternalName, externalName: a.b}}",
                "{spec: {type: ExternalName, externalName: a.b, sessionAffinity: None}, status: {loadBalancer: {}}}");
    }

    @Test
    void ofTheSmallKinds() {
        assertDefaults(
                core("Namespace"),
                "{metadata: {name: a}}",
                "{metadata: {name: a, labels: {kubernetes.io/metadata.name: a}}, spec: {}, status: {phase: Active}}");
        assertDefaults(
                core("Secret"), "{data: {a: eA==}, stringData: {b: z}}", "{data: {a: eA==, b: eg==}, type: Opaque}");
        assertDefaults(
                core("Node"),
                "{spec: {podCIDR: 10.0.0.0/24}, status: {capacity: {cpu: 1}}}",
                "{spec: {podCIDR: 10.0.0.0/24, podCIDRs: [10.0.0.0/24]}, status: {capacity: {cpu: 1}, allocatable: {cpu: 1}}}");
        assertDefaults(
                core("Endpoints"),
                "{subsets: [{ports: [{port: 1}]}]}",
                "{subsets: [{ports: [{port: 1, protocol: TCP}]}]}");
        assertDefaults(
                SchemaLibrary.builtIn().schema("io.k8s.api.discovery.v1.EndpointSlice"),
                "{ports: [{port: 1}], endpoints: [{addresses: [a]}]}",
                "{ports: [{port: 1, name: '', protocol: TCP}], endpoints: [{addresses: [a], conditions: {}}]}");
        assertDefaults(apps("ReplicaSet"), "{spec: {}}", "{spec: {replicas: 1}, status: {replicas: 0}}");
    }

    @ParameterizedTest
    @CsvSource({
        "web, Always",
        "web:latest, Always",
        "web:1, IfNotPresent",
        "host:5000/web, Always",
        "host:5000/web:1, IfNotPresent",
        "web@sha256:0123, IfNotPresent",
        "web:latest@sha256:0123, Always",
    })
    void ofThePullPolicyFollowTheTag(String image, String policy) {
        var pod = tree("{spec: {containers: [{image: '" + image + "'}]}}");
        Defaults.apply(core("Pod"), pod);
        assertThat(pod.at("/spec/containers/0/imagePullPolicy").textValue()).isEqualTo(policy);
    }

    @Test
    void onTheNodesNetworkPortsAreTheNodes() {
        var pod = tree("{spec: {hostNetwork: true, serviceAccount: x, containers: [{ports: [{containerPort: 80}]}]}}");
        Defaults.apply(core("Pod"), pod);
        assertThat(pod.at("/spec/containers/0/ports/0/hostPort").intValue()).isEqualTo(80);
        assertThat(pod.at("/spec/serviceAccountName").textValue()).isEqualTo("x");
    }

    @Test
    void aPodWithLimitsRequestsWhatItsContainersDo() {
        var pod = tree("""
                spec:
                  resources: {limits: {cpu: "2", memory: 1Gi}}
                  initContainers:
                  - {name: side, restartPolicy: Always, resources: {requests: {cpu: 100m}}}
                  - {name: init, resources: {requests: {cpu: 900m}}}
                  containers: [{name: a, resources: {requests: {cpu: 200m}}}, {name: b, resources: {limits: {cpu: 300m}}}]
                """);
        Defaults.apply(core("Pod"), pod);
        assertThat(pod.at("/spec/resources/requests")).isEqualTo(tree("{cpu: '1', memory: 1Gi}"));
    }

    private static void assertDefaults(Schema schema, String before, String after) {
        ObjectNode document = tree(before);
        Defaults.apply(schema, document);
        assertThat(document).isEqualTo(tree(after));
        Defaults.apply(schema, document);
        assertThat(document).as("idempotent").isEqualTo(tree(after));
    }
}
