package dev.kapal.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.life.Life;
import dev.kapal.testkit.Conformance;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Quotas as writers meet them. What a controller would write into their status is written here by hand.
class QuotaTest {
    private static final String QUOTAS = "/api/v1/namespaces/default/resourcequotas";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private final Api api = Api.withDefaultNamespace();

    @AfterEach
    void close() {
        api.close();
    }

    private void quota(String name, String spec, String used) {
        var quota = api.post(QUOTAS, "{metadata: {name: " + name + "}, spec: " + spec + "}")
                .is(201)
                .json();
        var status = quota.withObjectProperty("status");
        status.set("hard", quota.path("spec").path("hard"));
        var usedNow = status.putObject("used");
        for (var amount : used.split(",", -1)) {
            int equals = amount.indexOf('=');
            usedNow.put(amount.substring(0, equals), amount.substring(equals + 1));
        }
        api.put(QUOTAS + "/" + name + "/status", quota).is(200);
    }

    private String used(String quota, String resource) {
        return api.get(QUOTAS + "/" + quota).at("status.used." + resource.replace(".", "\\."));
    }

    private Api.Answer pod(String name, String resources, String more) {
        return api.post(
                PODS,
                "{metadata: {name: " + name + "}, spec: {" + more + "containers: [{name: c, image: i, resources: "
                        + resources + "}]}}");
    }

    @Test
    @Conformance("api-quota-pod")
    void refusesWhatExceedsAQuotaAndCountsWhatDoesNot() {
        quota("q", "{hard: {pods: '2', requests.cpu: '1'}}", "pods=1,requests.cpu=600m");
        assertThat(pod("large", "{requests: {cpu: 500m}}", "").is(403).at("message"))
                .isEqualTo("pods \"large\" is forbidden: exceeded quota: q, requested: requests.cpu=500m, used:"
                        + " requests.cpu=600m, limited: requests.cpu=1");
        assertThat(pod("silent", "{}", "").is(403).at("message"))
                .isEqualTo("pods \"silent\" is forbidden: failed quota: q: must specify requests.cpu for: c");
        pod("fits", "{requests: {cpu: 400m}}", "").is(201);
        assertThat(used("q", "pods")).isEqualTo("2");
        assertThat(used("q", "requests.cpu")).isEqualTo("1");
        assertThat(pod("one-more", "{requests: {cpu: 1m}}", "").is(403).at("message"))
                .contains("exceeded quota: q, requested: pods=1,requests.cpu=1m, used: pods=2,requests.cpu=1, limited:"
                        + " pods=2,requests.cpu=1");
    }

    @Test
    void aDryRunIsCheckedAndNotCounted() {
        quota("q", "{hard: {configmaps: '1'}}", "configmaps=0");
        api.post(MAPS + "?dryRun=All", "{metadata: {name: a}}").is(201);
        assertThat(used("q", "configmaps")).isEqualTo("0");
        api.post(MAPS, "{metadata: {name: a}}").is(201);
        api.post(MAPS + "?dryRun=All", "{metadata: {name: b}}").is(403);
    }

    @Test
    void aQuotaThatWasNeverCountedRefuses() {
        quota("q", "{hard: {configmaps: '1'}}", "pods=0");
        assertThat(api.post(MAPS, "{metadata: {name: a}}").is(403).at("message"))
                .isEqualTo("configmaps \"a\" is forbidden: status unknown for quota: q, resources: configmaps");
    }

    @Test
    @Conformance({"api-quota-best-effort-scope", "api-quota-terminating-scope"})
    void scopesChooseWhichPodsCount() {
        quota("effortless", "{hard: {pods: '5'}, scopes: [BestEffort]}", "pods=0");
        quota("demanding", "{hard: {pods: '5'}, scopes: [NotBestEffort]}", "pods=0");
        quota("ending", "{hard: {pods: '5'}, scopes: [Terminating]}", "pods=0");
        quota(
                "urgent",
                "{hard: {pods: '5'}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In,"
                        + " values: [system-node-critical]}]}}",
                "pods=0");
        pod("plain", "{}", "").is(201);
        pod("asking", "{requests: {cpu: 1m}}", "activeDeadlineSeconds: 5, priorityClassName: system-node-critical, ")
                .is(201);
        assertThat(used("effortless", "pods")).isEqualTo("1");
        assertThat(used("demanding", "pods")).isEqualTo("1");
        assertThat(used("ending", "pods")).isEqualTo("1");
        assertThat(used("urgent", "pods")).isEqualTo("1");
    }

    @Test
    @Conformance("api-quota-service")
    void servicesCountTheirNodePortsAndGiveThemBack() {
        quota(
                "q",
                "{hard: {services: '2', services.nodeports: '2', services.loadbalancers: '1', count/services: '9'}}",
                "services=0,services.nodeports=0,services.loadbalancers=0,count/services=0");
        var services = "/api/v1/namespaces/default/services";
        var spec = "ports: [{name: a, port: 80}, {name: b, port: 81}]";
        api.post(services, "{metadata: {name: s}, spec: {type: NodePort, " + spec + "}}")
                .is(201);
        assertThat(used("q", "services.nodeports")).isEqualTo("2");
        assertThat(api.post(services, "{metadata: {name: t}, spec: {type: NodePort, " + spec + "}}")
                        .is(403)
                        .at("message"))
                .isEqualTo("services \"t\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used:"
                        + " services.nodeports=2, limited: services.nodeports=2");
        var service = api.get(services + "/s").json();
        ((ObjectNode) service.get("spec")).put("type", "ClusterIP");
        api.put(services + "/s", service).is(200);
        assertThat(used("q", "services.nodeports")).isEqualTo("0");
    }

    @Test
    void anyResourceCanBeCounted() {
        quota("q", "{hard: {count/deployments.apps: '0'}}", "count/deployments.apps=0");
        assertThat(api.post(
                                "/apis/apps/v1/namespaces/default/deployments",
                                "{metadata: {name: d}, spec: {selector: {matchLabels: {a: b}}, template: {metadata:"
                                        + " {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}}}")
                        .is(403)
                        .at("message"))
                .isEqualTo(
                        "deployments.apps \"d\" is forbidden: exceeded quota: q, requested: count/deployments.apps=1,"
                                + " used: count/deployments.apps=0, limited: count/deployments.apps=0");
    }

    @Test
    @Conformance("api-quota-lifecycle")
    void aQuotaIsFoundChangedAndDeletedByItsLabel() {
        api.post(QUOTAS, "{metadata: {name: q, labels: {mine: 'yes'}}, spec: {hard: {cpu: '1', memory: 500Mi}}}")
                .is(201);
        api.post(QUOTAS, "{metadata: {name: other}, spec: {hard: {cpu: '1'}}}").is(201);
        assertThat(api.get("/api/v1/resourcequotas?labelSelector=mine%3Dyes").at("items.0.metadata.name"))
                .isEqualTo("q");
        assertThat(api.patch(QUOTAS + "/q", "merge-patch", "{\"spec\":{\"hard\":{\"memory\":\"750Mi\"}}}")
                        .is(200)
                        .at("spec.hard.memory"))
                .isEqualTo("750Mi");
        api.delete(QUOTAS + "?labelSelector=mine%3Dyes").is(200);
        assertThat(api.get(QUOTAS).at("items.0.metadata.name")).isEqualTo("other");
    }

    @Test
    void aCrowdGetsExactlyWhatTheQuotaHas() throws Exception {
        quota("q", "{hard: {configmaps: '25'}}", "configmaps=0");
        quota("other", "{hard: {count/configmaps: '1000'}}", "count/configmaps=0");
        var created = new AtomicInteger();
        var refused = new AtomicInteger();
        var done = new CountDownLatch(60);
        try (var life = new Life("crowd")) {
            for (int i = 0; i < 60; i++) {
                var name = "m" + i;
                life.start(name, () -> {
                    try {
                        int status = api.post(MAPS, "{metadata: {name: " + name + "}}")
                                .status();
                        (status == 201 ? created : refused).incrementAndGet();
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
        }
        assertThat(created).hasValue(25);
        assertThat(refused).hasValue(35);
        assertThat(used("q", "configmaps")).isEqualTo("25");
    }
}
