package dev.kapal.apiserver.encryption;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A key management service behind a unix socket, which has keys that never come here. Any thread; calls block.
///
/// Source: k8s.io/kms/apis/v2, service KeyManagementService.
final class KmsPlugin implements AutoCloseable {
    private static final String SERVICE = "v2.KeyManagementService";
    private static final int CLOSE_SECONDS = 5;

    private final ManagedChannel channel;
    private final EventLoopGroup loop;
    private final Duration timeout;
    private final Path socket;

    private KmsPlugin(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
        this.loop =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("kms", true), NioIoHandler.newFactory());
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class)
                .overrideAuthority("localhost") // the socket's path is none
                .usePlaintext()
                .directExecutor()
                .build();
    }

    static KmsPlugin at(Path socket, Duration timeout) {
        return new KmsPlugin(socket, timeout);
    }

    KmsMessage call(String method, KmsMessage request) throws GeneralSecurityException {
        var options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return ClientCalls.blockingUnaryCall(channel, method(method), options, request);
        } catch (StatusRuntimeException failure) {
            throw new GeneralSecurityException(
                    "the KMS plugin at %s does not answer %s: %s".formatted(socket, method, failure.getMessage()));
        }
    }

    static MethodDescriptor<KmsMessage, KmsMessage> method(String name) {
        return MethodDescriptor.<KmsMessage, KmsMessage>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Marshaller())
                .setResponseMarshaller(new Marshaller())
                .build();
    }

    private static final class Marshaller implements MethodDescriptor.Marshaller<KmsMessage> {
        @Override
        public InputStream stream(KmsMessage message) {
            return new ByteArrayInputStream(message.encoded());
        }

        @Override
        public KmsMessage parse(InputStream stream) {
            try {
                return KmsMessage.decode(stream.readAllBytes());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
