package dev.kapal.model.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufDecoderTest {
    private static final GroupVersionKind CONFIG_MAP = new GroupVersionKind("", "v1", "ConfigMap");

    @Test
    void readsAnObject() {
        var message = new Bytes().message(1, meta("a")).entry(2, "k", "v").number(4, 0);

        assertThat(read("v1", "ConfigMap", message)).isEqualTo("""
                        {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"k":"v"},"immutable":false}""");
    }

    @Test
    void leavesOutZeroesThatGoKeepsInPlainFields() {
        // metadata, spec.replicas 0 is a pointer; minReadySeconds and paused are not
        var spec = new Bytes().number(1, 0).number(5, 0).number(7, 0).number(9, 600);

        assertThat(read("apps/v1", "Deployment", new Bytes().message(2, spec).message(3, new Bytes())))
                .isEqualTo("""
                        {"kind":"Deployment","apiVersion":"apps/v1","spec":{"replicas":0,"progressDeadlineSeconds":600},"status":{}}""");
    }

    @Test
    void mergesWhatJsonHasInline() {
        var probe = new Bytes()
                .message(1, new Bytes().message(2, new Bytes().text(1, "/ok").message(2, port("web"))))
                .number(6, 3);
        var container = new Bytes()
                .text(1, "c")
                .message(10, probe)
                .message(
                        7,
                        new Bytes()
                                .text(1, "E")
                                .message(
                                        3,
                                        new Bytes()
                                                .message(
                                                        3,
                                                        new Bytes()
                                                                .message(1, new Bytes().text(1, "cm"))
                                                                .text(2, "k"))));
        var volume = new Bytes().text(1, "v").message(2, new Bytes().message(2, new Bytes().text(1, "Memory")));
        var spec = new Bytes().message(1, volume).message(2, container);

        assertThat(read("v1", "Pod", new Bytes().message(2, spec))).isEqualTo("""
                        {"kind":"Pod","apiVersion":"v1","spec":{"volumes":[{"name":"v","emptyDir":{"medium":"Memory"}}],\
                        "containers":[{"name":"c","livenessProbe":{"httpGet":{"path":"/ok","port":"web"},"failureThreshold":3},\
                        "env":[{"name":"E","valueFrom":{"configMapKeyRef":{"name":"cm","key":"k"}}}]}]}}""");
    }

    @Test
    void readsTimesQuantitiesAndNumbers() {
        var spec = new Bytes()
                .text(1, "me")
                .number(2, 15)
                .message(3, new Bytes().number(1, 1_700_000_000).number(2, 1_500_000));
        var meta = new Bytes()
                .text(1, "l")
                .number(7, -1)
                .message(8, new Bytes())
                .message(9, new Bytes().number(1, 1_700_000_000).number(2, 1_500_000));

        assertThat(read(
                        "coordination.k8s.io/v1",
                        "Lease",
                        new Bytes().message(1, meta).message(2, spec)))
                .isEqualTo("""
                        {"kind":"Lease","apiVersion":"coordination.k8s.io/v1",\
                        "metadata":{"name":"l","generation":-1,"deletionTimestamp":"2023-11-14T22:13:20Z"},\
                        "spec":{"holderIdentity":"me","leaseDurationSeconds":15,"acquireTime":"2023-11-14T22:13:20.001500Z"}}""");
        var quota = new Bytes().message(1, new Bytes().text(1, "cpu").message(2, new Bytes().text(1, "500m")));
        assertThat(read("v1", "ResourceQuota", new Bytes().message(2, quota)))
                .contains("{\"hard\":{\"cpu\":\"500m\"}}");
    }

    @Test
    void readsBytesAndEmbeddedDocuments() {
        var secret = new Bytes()
                .message(2, new Bytes().text(1, "k").block(2, new byte[] {(byte) 0xff, 0}))
                .message(2, new Bytes().text(1, "empty"));
        assertThat(read("v1", "Secret", secret)).contains("{\"k\":\"/wA=\",\"empty\":\"\"}");

        var revision =
                new Bytes().message(2, new Bytes().text(1, "{\"a\":[1]}")).number(3, 7);
        assertThat(read("apps/v1", "ControllerRevision", revision)).contains("\"data\":{\"a\":[1]},\"revision\":7");
    }

    @Test
    void readsNamedListsAndPackedNumbers() {
        var user = new Bytes()
                .text(1, "u")
                .message(
                        4,
                        new Bytes()
                                .text(1, "scopes")
                                .message(2, new Bytes().text(1, "a").text(1, "b")));
        assertThat(read(
                        "authentication.k8s.io/v1",
                        "TokenReview",
                        new Bytes().message(3, new Bytes().message(2, user))))
                .contains("\"extra\":{\"scopes\":[\"a\",\"b\"]}");

        var context = new Bytes().block(4, new byte[] {1, (byte) 0xac, 2}).number(4, 5);
        assertThat(read("v1", "Pod", new Bytes().message(2, new Bytes().message(14, context))))
                .contains("\"supplementalGroups\":[1,300,5]");
    }

    @Test
    void addsUpWhatComesInPieces() {
        var message = new Bytes()
                .message(1, new Bytes().text(1, "first").text(3, "ns"))
                .number(99, 1)
                .message(1, new Bytes().text(1, "second"));

        assertThat(read("v1", "ConfigMap", message)).contains("{\"name\":\"second\",\"namespace\":\"ns\"}");
    }

    @Test
    void readsOptionsOfAnyGroup() {
        var options =
                new Bytes().number(1, 0).message(2, new Bytes().text(1, "u-1")).text(4, "Foreground");

        assertThat(read("apps/v1", "DeleteOptions", options)).isEqualTo("""
                        {"kind":"DeleteOptions","apiVersion":"apps/v1","gracePeriodSeconds":0,\
                        "preconditions":{"uid":"u-1"},"propagationPolicy":"Foreground"}""");
    }

    @Test
    void takesTheExpectedKindForOneThatIsNotNamed() {
        assertThat(read("", "", new Bytes().message(1, meta("a"))))
                .isEqualTo("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> read("example.com/v1", "Widget", new Bytes()))
                .isInstanceOf(DecodeException.class)
                .hasMessageStartingWith("no kind \"Widget\" is registered for version \"example.com/v1\"");
        assertThatThrownBy(() -> read("v1", "PodSpec", new Bytes())).hasMessageStartingWith("no kind \"PodSpec\"");
        assertThatThrownBy(() -> read("meta.k8s.io/v1", "WatchEvent", new Bytes()))
                .hasMessageStartingWith("no kind \"WatchEvent\"");
    }

    @Test
    void refusesMalformedBytes() {
        refuses("", "empty data");
        refuses("6b387300", "empty body");
        refuses("7b7d", "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        refuses("6b3873000a", "unexpected EOF");
        refuses("6b38730012021a05", "unexpected EOF");
        refuses("6b387300120408011200", "proto: wrong wireType = 0 for field Metadata");
        refuses("6b38730012020300", "proto: illegal tag 0 (wire type 3)");
        refuses("6b387300120affffffffffffffffffff", "proto: integer overflow");
        refuses("6b387300120b0affffffffffffffffff01", "proto: negative length found during unmarshaling");
    }

    @Test
    void neverFailsOtherwise() {
        var random = new Random(20_251_121);
        byte[] good = Bytes.body(
                "apps/v1",
                "Deployment",
                new Bytes()
                        .message(
                                1,
                                meta("d").message(8, new Bytes().number(1, 5)).entry(11, "k", "v"))
                        .message(
                                2,
                                new Bytes()
                                        .number(1, 3)
                                        .message(2, new Bytes().entry(1, "k", "v"))
                                        .message(
                                                3,
                                                new Bytes()
                                                        .message(2, new Bytes().message(2, new Bytes().text(1, "c"))))
                                        .message(
                                                4,
                                                new Bytes()
                                                        .text(1, "RollingUpdate")
                                                        .message(2, new Bytes().message(1, port("1"))))));
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int changes = random.nextInt(4); changes > 0 && bad.length > 0; changes--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(ProtobufDecoder.decode(bad, CONFIG_MAP).has("kind")).isTrue();
            } catch (DecodeException expected) {
                assertThat(expected.getMessage()).isNotEmpty();
            }
        }
    }

    private static void refuses(String hex, String message) {
        assertThatThrownBy(() -> ProtobufDecoder.decode(HexFormat.of().parseHex(hex), CONFIG_MAP))
                .isInstanceOf(DecodeException.class)
                .hasMessage(message);
    }

    private static Bytes meta(String name) {
        return new Bytes().text(1, name);
    }

    private static Bytes port(String name) {
        return new Bytes().number(1, 1).number(2, 0).text(3, name);
    }

    private static String read(String apiVersion, String kind, Bytes message) {
        var document = ProtobufDecoder.decode(Bytes.body(apiVersion, kind, message), CONFIG_MAP);
        return new String(Documents.json(document), StandardCharsets.UTF_8);
    }
}
