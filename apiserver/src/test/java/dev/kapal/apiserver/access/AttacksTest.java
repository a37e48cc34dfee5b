package dev.kapal.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.Protections;
import dev.kapal.apiserver.TestServer;
import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditPolicyFile;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Profile;
import dev.kapal.pki.ServiceAccountKeys;
import dev.kapal.pki.SignedTokens;
import dev.kapal.pki.TlsContexts;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people try who should not come in, or not so far: each story ends in a refusal with its status, and in a line
/// of
/// the audit log. Everything goes over the wire.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttacksTest {
    private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";
    private static final String DEFAULT = "/api/v1/namespaces/default";
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";

    @TempDir
    private static Path directory;

    private TestServer cluster;
    /// What the log must tell, by audit id.
    private final Map<String, Integer> attempts = new LinkedHashMap<>();

    private Path log() {
        return directory.resolve("audit.log");
    }

    /// Everything is logged into this file.
    private static Protection.Audit audit(Path file) throws IOException {
        var policy = AuditPolicyFile.read(Files.writeString(
                file.resolveSibling("policy.yaml"),
                "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: Metadata}]}"));
        return new Protection.Audit(policy, AuditLogConfig.in(file));
    }

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start(own -> AccessOptions.DEFAULT, Protection.DEFAULT.with(audit(log())));
        cluster.create(SECRETS, "{apiVersion: v1, kind: Secret, metadata: {name: crown}}");
        cluster.create(DEFAULT + "/serviceaccounts", "{apiVersion: v1, kind: ServiceAccount, metadata: {name: app}}");
        // mia may look after the pods of one namespace
        cluster.create(
                RBAC + "/namespaces/default/rolebindings",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: mia}, roleRef:"
                        + " {kind: ClusterRole, name: system:aggregate-to-edit}, subjects: [{kind: User, name: mia}]}");
    }

    @AfterAll
    void everyAttemptIsInTheLog() throws Exception {
        cluster.close(); // with it the log is complete
        var told = new HashMap<String, Integer>();
        for (var line : Files.readAllLines(log())) {
            var event = Documents.read(line.getBytes(StandardCharsets.UTF_8));
            // refused credentials are told when the answer begins, everything else when it ended
            if (event.path("stage").asText().startsWith("Response")) {
                told.put(
                        event.path("auditID").asText(),
                        event.path("responseStatus").path("code").asInt());
            }
        }
        var silent = new ArrayList<String>();
        attempts.forEach((id, status) -> {
            if (!status.equals(told.get(id))) {
                silent.add(id + " ended with " + status + ", the log says " + told.get(id));
            }
        });
        assertThat(silent).isEmpty();
    }

    private Optional<Identity> user(String name, String... groups) {
        return Optional.of(cluster.pki().authority().issue(Profile.client(name, groups)));
    }

    /// What the server says to one request, sent exactly as it stands here.
    private String send(Optional<Identity> identity, String method, String target, String body, String... headers)
            throws Exception {
        String id = "attempt-" + attempts.size();
        attempts.put(id, 0);
        var head =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: kapal\r\nConnection: close\r\nAudit-Id: "
                        + id + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        var answer = raw(identity, head + "\r\n" + body);
        attempts.put(id, status(answer));
        return answer;
    }

    private String raw(Optional<Identity> identity, String request) throws Exception {
        var context = TlsContexts.client(identity, cluster.pki().roots());
        try (var socket = context.getSocketFactory().createSocket("127.0.0.1", cluster.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.split(" ", 3)[1]);
    }

    private int get(Optional<Identity> identity, String target, String... headers) throws Exception {
        return status(send(identity, "GET", target, "", headers));
    }

    private int bearer(String token) throws Exception {
        return get(Optional.empty(), SECRETS, "Authorization", "Bearer " + token);
    }

    // who comes in

    @Test
    void strangersReadNothing() throws Exception {
        assertThat(get(Optional.empty(), SECRETS)).isEqualTo(403);
        assertThat(get(Optional.empty(), "/metrics")).isEqualTo(403);
        assertThat(get(Optional.empty(), "/openapi/v2")).isEqualTo(403);
        assertThat(status(send(Optional.empty(), "POST", DEFAULT + "/pods", "{}")))
                .isEqualTo(403);
    }

    @Test
    void aCertificateThatEndedIsNone() throws Exception {
        // certificates begin some minutes before they are made, for clocks that differ
        var over = Profile.person("root", Duration.ofMinutes(-1), "system:masters");
        var ended = cluster.pki().authority().issue(over);
        assertThat(get(Optional.of(ended), SECRETS)).isEqualTo(401);
        var forger = CertificateAuthority.create("kubernetes", Time.system());
        assertThat(get(Optional.of(forger.issue(Profile.client("root", "system:masters"))), SECRETS))
                .isEqualTo(401);
    }

    private String token(String account, String spec) throws Exception {
        var answer =
                cluster.call("POST", DEFAULT + "/serviceaccounts/" + account + "/token", "{\"spec\":{" + spec + "}}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.document().path("status").path("token").asText();
    }

    private ObjectNode pod(String name, String node) throws Exception {
        cluster.create(
                DEFAULT + "/pods",
                "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {serviceAccountName: app, nodeName: "
                        + node + ", terminationGracePeriodSeconds: 0, containers: [{name: c, image: x}]}}");
        return cluster.call("GET", DEFAULT + "/pods/" + name, "").document();
    }

    @Test
    void aTokenEndsWithItsPodAndIsNotThatOfTheNextOne() throws Exception {
        var uid = pod("brief", "n1").path("metadata").path("uid").asText();
        String token = token(
                "app",
                "\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"brief\",\"uid\":\"" + uid
                        + "\"}");
        assertThat(bearer(token)).as("known, without rights").isEqualTo(403);
        cluster.call("DELETE", DEFAULT + "/pods/brief?gracePeriodSeconds=0", "");
        assertThat(bearer(token)).isEqualTo(401);
        pod("brief", "n1");
        assertThat(bearer(token)).isEqualTo(401);
    }

    @Test
    void aTokenEndsWithItsAccountAndIsNotThatOfTheNextOne() throws Exception {
        String account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: brief}}";
        cluster.create(DEFAULT + "/serviceaccounts", account);
        String token = token("brief", "\"expirationSeconds\":600");
        assertThat(bearer(token)).as("known, without rights").isEqualTo(403);
        cluster.call("DELETE", DEFAULT + "/serviceaccounts/brief", "");
        assertThat(bearer(token)).isEqualTo(401);
        cluster.create(DEFAULT + "/serviceaccounts", account);
        assertThat(bearer(token)).isEqualTo(401);
    }

    @Test
    void tokensThatNobodySignedAreRefused() throws Exception {
        String real = token("app", "\"audiences\":[\"https://kubernetes.default.svc.cluster.local\"]");
        var parts = real.split("\\.");
        assertThat(bearer(encode("{\"alg\":\"none\"}") + "." + parts[1] + ".")).isEqualTo(401);
        assertThat(bearer(encode("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]))
                .isEqualTo(401);
        assertThat(bearer(encode("{\"alg\":\"HS256\"}") + "." + parts[1] + "." + parts[2]))
                .isEqualTo(401);
        var claims = Documents.read(Base64.getUrlDecoder().decode(parts[1]));
        claims.put("sub", "system:serviceaccount:kube-system:admin");
        assertThat(bearer(parts[0] + "." + encode(Documents.text(claims)) + "." + parts[2]))
                .isEqualTo(401);
        var stranger = new SignedTokens(ServiceAccountKeys.create());
        assertThat(bearer(stranger.sign(Base64.getUrlDecoder().decode(parts[1]))))
                .isEqualTo(401);
        assertThat(bearer(token("app", "\"audiences\":[\"vault\"]")))
                .as("meant for others")
                .isEqualTo(401);
        claims.put("exp", Instant.now().getEpochSecond() - 60);
        var own = new SignedTokens(cluster.pki().serviceAccountKeys());
        assertThat(bearer(own.sign(Documents.json(claims)))).as("ended").isEqualTo(401);
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void namesInHeadersMeanNothing() throws Exception {
        String[] said = {"X-Remote-User", "root", "X-Remote-Group", "system:masters", "X-Remote-Uid", "0"};
        assertThat(get(Optional.empty(), SECRETS, said)).isEqualTo(403);
        assertThat(get(user("mia"), SECRETS, said)).isEqualTo(403);
        assertThat(get(user("mia"), SECRETS, "Impersonate-User", "root", "Impersonate-Group", "system:masters"))
                .isEqualTo(403);
        assertThat(get(user("mia"), SECRETS, "Impersonate-Group", "system:masters"))
                .isEqualTo(500);
        // who calls himself a proxy is none: neither by the cluster's authority nor under another name by the proxies'
        assertThat(get(user("front-proxy-client"), SECRETS, said)).isEqualTo(403);
        var proxies = cluster.pki().frontProxyAuthority();
        assertThat(get(Optional.of(proxies.issue(Profile.client("mia"))), SECRETS, said))
                .isEqualTo(401);
        // and a proxy that names nobody is nobody
        assertThat(get(Optional.of(proxies.issue(Profile.client("front-proxy-client"))), SECRETS))
                .isEqualTo(401);
        // other spellings of the names are other headers
        assertThat(get(Optional.empty(), SECRETS, "X_Remote_User", "root", "X_Remote_Group", "system:masters"))
                .isEqualTo(403);
    }

    // how far

    @Test
    void anAgentReadsAndWritesItsOwnOnly() throws Exception {
        cluster.create(DEFAULT + "/secrets", "{apiVersion: v1, kind: Secret, metadata: {name: of-n2}}");
        cluster.create(
                DEFAULT + "/pods",
                "{apiVersion: v1, kind: Pod, metadata: {name: there}, spec: {serviceAccountName: app, nodeName: n2,"
                        + " containers: [{name: c, image: x, envFrom: [{secretRef: {name: of-n2}}]}]}}");
        var uid = cluster.call("GET", DEFAULT + "/pods/there", "")
                .document()
                .path("metadata")
                .path("uid")
                .asText();
        var n1 = user("system:node:n1", "system:nodes");
        assertThat(get(user("system:node:n2", "system:nodes"), DEFAULT + "/secrets/of-n2"))
                .isEqualTo(200);
        assertThat(get(n1, DEFAULT + "/secrets/of-n2")).isEqualTo(403);
        assertThat(get(n1, DEFAULT + "/secrets")).isEqualTo(403);
        assertThat(get(n1, SECRETS + "/crown")).isEqualTo(403);
        pod("here", "n1"); // so the account is one of the node's
        String theirs =
                "{\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"there\",\"uid\":\""
                        + uid + "\"}}}";
        assertThat(status(send(n1, "POST", DEFAULT + "/serviceaccounts/app/token", theirs)))
                .isEqualTo(403);
        assertThat(status(send(n1, "POST", DEFAULT + "/serviceaccounts/app/token", "{}")))
                .isEqualTo(403);
        assertThat(status(send(n1, "DELETE", DEFAULT + "/pods/there", ""))).isEqualTo(403);
        assertThat(get(n1, "/api/v1/nodes/n2")).isEqualTo(403);
        assertThat(status(send(n1, "POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"n2\"}}")))
                .isEqualTo(403);
        assertThat(status(send(user("system:node:", "system:nodes"), "GET", "/api/v1/nodes/n1", "")))
                .isEqualTo(403);
    }

    @Test
    void nobodyLiftsHimselfUp() throws Exception {
        cluster.create(
                RBAC + "/namespaces/default/rolebindings",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: leo}, roleRef:"
                        + " {kind: ClusterRole, name: system:aggregate-to-admin}, subjects: [{kind: User, name: leo}]}");
        var leo = user("leo");
        String roles = RBAC + "/namespaces/default/roles";
        String bindings = RBAC + "/namespaces/default/rolebindings";
        assertThat(
                        status(
                                send(
                                        leo,
                                        "POST",
                                        roles,
                                        "{\"metadata\":{\"name\":\"r\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":[\"get\"]}]}")))
                .isEqualTo(403);
        assertThat(status(send(
                        leo,
                        "POST",
                        bindings,
                        "{\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"cluster-admin\"},"
                                + "\"subjects\":[{\"kind\":\"User\",\"name\":\"leo\"}]}")))
                .isEqualTo(403);
        assertThat(status(send(leo, "POST", RBAC + "/clusterrolebindings", "{}")))
                .isEqualTo(403);
        // the binding that holds for him: other subjects are fine, another role is not
        var own = cluster.call("GET", bindings + "/leo", "").document();
        ((ObjectNode) own.path("roleRef")).put("name", "cluster-admin");
        assertThat(status(send(leo, "PUT", bindings + "/leo", Documents.text(own))))
                .isEqualTo(403);
        assertThat(status(send(
                        user("mia"),
                        "POST",
                        DEFAULT + "/pods/x/eviction",
                        "{\"metadata\":{\"name\":\"x\",\"namespace\":\"kube-system\"}}")))
                .isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/namespaces/default/../kube-system/secrets",
                "/api/v1/namespaces/default/%2e%2e/kube-system/secrets",
                "/api/v1/namespaces/default%2f..%2fkube-system/secrets",
                "/api/v1/namespaces/default/secrets/..%2f..%2fkube-system%2fsecrets%2fcrown",
                "/api/v1/namespaces/default//..//kube-system/secrets",
                "//api/v1/namespaces/kube-system/secrets",
                "/api//v1/namespaces/kube-system/secrets",
                "/API/v1/namespaces/kube-system/secrets",
                "/api/v1/Namespaces/kube-system/secrets",
                "/api/v1/namespaces/kube-system/Secrets",
                "/healthz/../api/v1/namespaces/kube-system/secrets",
                "/version/../api/v1/secrets",
                "/healthz%2f..%2fapi%2fv1%2fsecrets",
                "/api/v1/namespaces/default/secrets;/../../kube-system/secrets",
                "/api/v1/namespaces/default/pods/../../kube-system/secrets/crown",
                "/api/v1/watch/namespaces/kube-system/secrets",
                "/api/v1/namespaces/kube-system/secrets%00",
                "/api/v1/namespaces/default/pods?namespace=kube-system&fieldSelector=metadata.namespace%3Dkube-system",
                "https://kapal/api/v1/namespaces/kube-system/secrets"
            })
    void noPathLeadsAroundTheRules(String path) throws Exception {
        for (var who : List.of(user("mia"), Optional.<Identity>empty())) {
            var answer = send(who, "GET", path, "");
            assertThat(answer).as(path).doesNotContain("crown");
            boolean emptyList = status(answer) == 200 && answer.contains("\"items\":[]");
            assertThat(emptyList || List.of(301, 400, 403, 404, 405).contains(status(answer)))
                    .as(path + " " + answer)
                    .isTrue();
        }
        if (attempts.get("attempt-" + (attempts.size() - 1)) == 400) {
            // what is no request at all is refused before it has an id
            attempts.remove("attempt-" + (attempts.size() - 1));
        }
    }

    @Test
    void methodsCannotBeDisguised() throws Exception {
        var viewer = user("mia");
        assertThat(status(send(
                        viewer, "GET", SECRETS, "", "X-HTTP-Method-Override", "DELETE", "X-Method-Override", "DELETE")))
                .isEqualTo(403);
        assertThat(status(send(viewer, "TRACE", SECRETS, ""))).isIn(403, 405, 501);
        assertThat(cluster.call("GET", SECRETS + "/crown", "").status()).isEqualTo(200);
    }

    @Test
    void nobodyVouchesForASignerThatIsNotHis() throws Exception {
        var bundles = "/apis/certificates.k8s.io/v1beta1/clustertrustbundles";
        cluster.create(
                RBAC + "/clusterroles",
                "{metadata: {name: truster}, rules: [{apiGroups: [certificates.k8s.io], resources:"
                        + " [clustertrustbundles], verbs: ['*']}, {apiGroups: [certificates.k8s.io], resources:"
                        + " [signers], resourceNames: [example.com/mine], verbs: [attest]}]}");
        cluster.create(
                RBAC + "/clusterrolebindings",
                "{metadata: {name: truster}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name:"
                        + " truster}, subjects: [{kind: User, name: tess}]}");
        var pem = CertificateAuthority.create("own", Time.system())
                .certificatePem()
                .replace("\n", "\\n");
        var form = "{\"metadata\":{\"name\":\"example.com:%1$s:a\"},\"spec\":{\"signerName\":\"example.com/%1$s\","
                + "\"trustBundle\":\"" + pem + "\"}}";
        var refused = send(user("tess"), "POST", bundles, form.formatted("theirs"));
        assertThat(status(refused)).isEqualTo(403);
        assertThat(refused).contains("user not permitted to attest for signerName \\\"example.com/theirs\\\"");
        assertThat(status(send(user("tess"), "POST", bundles, form.formatted("mine"))))
                .isEqualTo(201);
    }

    // the wire

    @Test
    void aBodyThatIsTooLargeIsNotRead() throws Exception {
        var body = "{\"metadata\":{\"name\":\"big\"},\"data\":{\"x\":\"" + "a".repeat(3 << 20) + "\"}}";
        assertThat(status(send(user("mia"), "POST", DEFAULT + "/configmaps", body)))
                .isEqualTo(413);
    }

    @Test
    void aStrangerIsTurnedAwayBeforeHisBodyIsRead() throws Exception {
        var head = "POST " + DEFAULT + "/configmaps HTTP/1.1\r\nHost: kapal\r\nContent-Length: 3000000\r\n";
        assertThat(status(raw(Optional.empty(), head + "\r\nthe beginning"))).isEqualTo(403);
        assertThat(status(raw(Optional.empty(), head + "Authorization: Bearer nonsense\r\n\r\nthe beginning")))
                .isEqualTo(401);
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForAndItsSenderIsKnown(@TempDir Path own) throws Exception {
        var hasty = Protections.hasty(Duration.ofSeconds(3));
        var file = own.resolve("audit.log");
        try (var server = TestServer.start(hasty.with(audit(file)))) {
            var mia = server.pki().authority().issue(Profile.client("mia", "system:masters"));
            var context = TlsContexts.client(Optional.of(mia), server.pki().roots());
            try (var socket = context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
                socket.getOutputStream()
                        .write(("POST " + DEFAULT + "/configmaps HTTP/1.1\r\nHost: kapal\r\nContent-Type:"
                                        + " application/json\r\nContent-Length: 1000\r\n\r\n{\"metadata\":")
                                .getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(status(answer)).isEqualTo(504);
                assertThat(answer).contains("request did not complete within the allotted timeout");
            }
        }
        assertThat(Files.readAllLines(file))
                .anyMatch(line -> line.contains("\"stage\":\"ResponseComplete\"")
                        && line.contains("\"username\":\"mia\"")
                        && line.contains("\"code\":504"));
    }

    @Test
    void aPageOfAnotherSiteComesInWithItsOwnCredentialsOnly() throws Exception {
        String[] upgrade = {
            "Origin", "https://evil.example",
            "Upgrade", "websocket",
            "Sec-WebSocket-Version", "13",
            "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol", "v5.channel.k8s.io"
        };
        assertThat(get(Optional.empty(), DEFAULT + "/pods/x/exec?command=id", upgrade))
                .isEqualTo(403);
        assertThat(get(Optional.empty(), DEFAULT + "/pods?watch=1", upgrade)).isEqualTo(403);
        assertThat(get(user("mia"), SECRETS + "?watch=1", upgrade)).isEqualTo(403);
        upgrade[9] = "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io." + encode("made-up");
        assertThat(get(Optional.empty(), DEFAULT + "/pods?watch=1", upgrade)).isEqualTo(401);
    }

    @Test
    void oldVersionsAndWeakCiphersOfTlsAreRefused() throws Exception {
        assertThat(alert(0x0302, 0xC02B, 0xC02F, 0x002F)).as("TLS 1.1").isEqualTo(70); // protocol_version
        assertThat(alert(0x0301, 0xC02B, 0xC02F, 0x002F)).as("TLS 1.0").isEqualTo(70);
        for (int weak : new int[] {0x0005, 0x000A, 0x002F, 0x009C, 0x0001, 0xC011, 0x0096}) {
            assertThat(alert(0x0303, weak)).as("cipher %04x", weak).isEqualTo(40); // handshake_failure
        }
    }

    /// Says hello with this version and these cipher suites; answers with the alert that comes back.
    private int alert(int version, int... suites) throws IOException {
        var hello = ByteBuffer.allocate(512);
        hello.putShort((short) version).put(new byte[32]).put((byte) 0);
        hello.putShort((short) (2 * suites.length));
        for (int suite : suites) {
            hello.putShort((short) suite);
        }
        hello.put((byte) 1).put((byte) 0);
        byte[] curves = {0, 10, 0, 6, 0, 4, 0, 23, 0, 24};
        byte[] points = {0, 11, 0, 2, 1, 0};
        byte[] signatures = {0, 13, 0, 8, 0, 6, 4, 3, 4, 1, 8, 4};
        hello.putShort((short) (curves.length + points.length + signatures.length));
        hello.put(curves).put(points).put(signatures).flip();
        var record = ByteBuffer.allocate(600);
        record.put((byte) 22).putShort((short) 0x0301).putShort((short) (hello.remaining() + 4));
        record.put((byte) 1)
                .put((byte) 0)
                .putShort((short) hello.remaining())
                .put(hello)
                .flip();
        try (var socket = new Socket("127.0.0.1", cluster.port())) {
            socket.getOutputStream().write(record.array(), 0, record.limit());
            var in = new DataInputStream(socket.getInputStream());
            int type = in.readUnsignedByte();
            in.readUnsignedShort();
            byte[] content = new byte[in.readUnsignedShort()];
            in.readFully(content);
            assertThat(type).as("an alert, not a hello").isEqualTo(21);
            return content[1];
        }
    }
}
