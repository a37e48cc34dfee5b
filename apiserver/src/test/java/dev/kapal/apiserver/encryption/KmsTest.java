package dev.kapal.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.testkit.FakeTime;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Envelopes with a key management service that keeps a list of what it has encrypted.
class KmsTest {
    private static final String PLACE = "/registry/core/secrets/default/db";

    @TempDir
    Path dir;

    private final FakeTime time = new FakeTime();
    private final Map<String, byte[]> vault = new ConcurrentHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private String keyId = "key-1";
    private boolean healthy = true;
    private Server service;
    private Kms kms;

    @BeforeEach
    void start() throws Exception {
        var socket = dir.resolve("kms.sock");
        service = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelType(NioServerDomainSocketChannel.class)
                .directExecutor()
                .addService(ServerServiceDefinition.builder("v2.KeyManagementService")
                        .addMethod(
                                KmsPlugin.method("Status"),
                                answering(
                                        "Status",
                                        request -> KmsMessage.of(
                                                KmsMessage.Field.text(1, "v2"),
                                                KmsMessage.Field.text(2, "ok"),
                                                KmsMessage.Field.text(3, keyId))))
                        .addMethod(KmsPlugin.method("Encrypt"), answering("Encrypt", this::encrypt))
                        .addMethod(KmsPlugin.method("Decrypt"), answering("Decrypt", this::decrypt))
                        .build())
                .build()
                .start();
        kms = new Kms("vault", socket, Duration.ofSeconds(5), time);
    }

    @AfterEach
    void stop() throws Exception {
        kms.close();
        service.shutdownNow().awaitTermination();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync(); // nobody else has work for it
    }

    private ServerCallHandler<KmsMessage, KmsMessage> answering(String name, UnaryOperator<KmsMessage> answer) {
        return ServerCalls.asyncUnaryCall((request, observer) -> {
            calls.add(name);
            if (!healthy) {
                observer.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            observer.onNext(answer.apply(request));
            observer.onCompleted();
        });
    }

    private KmsMessage encrypt(KmsMessage request) {
        String name = keyId + "/" + vault.size();
        vault.put(name, request.bytes(1));
        return KmsMessage.of(KmsMessage.Field.text(1, name), KmsMessage.Field.text(2, keyId));
    }

    private KmsMessage decrypt(KmsMessage request) {
        return KmsMessage.of(KmsMessage.Field.bytes(1, vault.get(request.text(1))));
    }

    @Test
    void givesBackWhatItSealedAndAsksTheServiceOnce() throws Exception {
        assertThat(kms.prefix()).isEqualTo("k8s:enc:kms:v2:vault:");
        byte[] one = kms.seal(bytes("hunter2"), PLACE);
        byte[] other = kms.seal(bytes("hunter2"), PLACE);
        assertThat(one).isNotEqualTo(other);
        assertThat(kms.open(one, PLACE)).isEqualTo(bytes("hunter2"));
        assertThat(calls).containsExactly("Status", "Encrypt");
        assertThatThrownBy(() -> kms.open(one, PLACE + "2")).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void anotherServerOpensItWithTheServicesHelp() throws Exception {
        byte[] sealed = kms.seal(bytes("hunter2"), PLACE);
        try (var restarted = new Kms("vault", dir.resolve("kms.sock"), Duration.ofSeconds(5), time)) {
            calls.clear();
            assertThat(restarted.open(sealed, PLACE)).isEqualTo(bytes("hunter2"));
            assertThat(restarted.open(sealed, PLACE)).isEqualTo(bytes("hunter2"));
            assertThat(calls).containsExactly("Decrypt");
        }
    }

    @Test
    void aNewKeyOfTheServiceMakesWhatIsStoredOutdated() throws Exception {
        byte[] sealed = kms.seal(bytes("hunter2"), PLACE);
        keyId = "key-2";
        assertThat(kms.isOutdated(sealed)).isFalse();
        time.advance(Duration.ofMinutes(2));
        assertThat(kms.isOutdated(sealed)).isTrue();
        assertThat(kms.isOutdated(kms.seal(bytes("hunter2"), PLACE))).isFalse();
        assertThat(kms.open(sealed, PLACE)).isEqualTo(bytes("hunter2"));
    }

    @Test
    void aServiceThatIsDownStopsWritesAfterAWhileAndNoReads() throws Exception {
        byte[] sealed = kms.seal(bytes("hunter2"), PLACE);
        healthy = false;
        time.advance(Duration.ofMinutes(2));
        kms.seal(bytes("hunter3"), PLACE);
        time.advance(Duration.ofMinutes(2));
        assertThatThrownBy(() -> kms.seal(bytes("hunter4"), PLACE))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("does not answer Status: UNAVAILABLE");
        assertThat(kms.open(sealed, PLACE)).isEqualTo(bytes("hunter2"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
