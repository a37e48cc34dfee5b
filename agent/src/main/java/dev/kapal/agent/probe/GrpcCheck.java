package dev.kapal.agent.probe;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Success is the answer `SERVING`.
///
/// Source: gRPC Health Checking Protocol, grpc.health.v1.
record GrpcCheck(String host, int port, String service) implements Check {
    private static final int SERVING = 1;
    private static final String[] ANSWERS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
    private static final MethodDescriptor<String, Integer> CHECK = MethodDescriptor.<String, Integer>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Question())
            .setResponseMarshaller(new Answer())
            .build();

    @Override
    public Outcome ask(Duration timeout) {
        var channel = NettyChannelBuilder.forAddress(new InetSocketAddress(host, port))
                .usePlaintext()
                .userAgent("kube-probe/1.34")
                .directExecutor()
                .build();
        try {
            return ask(channel, timeout);
        } finally {
            channel.shutdownNow();
        }
    }

    private Outcome ask(ManagedChannel channel, Duration timeout) {
        try {
            var options = CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
            int answer = ClientCalls.blockingUnaryCall(channel, CHECK, options, service);
            if (answer == SERVING) {
                return new Outcome.Success();
            }
            var word = answer >= 0 && answer < ANSWERS.length ? ANSWERS[answer] : String.valueOf(answer);
            return new Outcome.Failure("service unhealthy (responded with \"" + word + "\")");
        } catch (StatusRuntimeException failure) {
            return new Outcome.Failure(message(failure.getStatus(), timeout));
        }
    }

    private String message(Status status, Duration timeout) {
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): "
                        + status.getDescription();
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                "timeout: failed to connect service \"" + host + ":" + port + "\" within " + timeout.toSeconds()
                        + "s: context deadline exceeded";
            default -> "error: health rpc probe failed: " + status.getDescription();
        };
    }

    /// HealthCheckRequest: field 1 is the service's name.
    private static final class Question implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            try {
                var bytes = new ByteArrayOutputStream();
                var out = CodedOutputStream.newInstance(bytes);
                if (!service.isEmpty()) {
                    out.writeBytes(1, ByteString.copyFromUtf8(service));
                }
                out.flush();
                return new ByteArrayInputStream(bytes.toByteArray());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        public String parse(InputStream stream) {
            throw new IllegalStateException("a client reads no requests");
        }
    }

    /// HealthCheckResponse: field 1 is the state.
    private static final class Answer implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer state) {
            throw new IllegalStateException("a client writes no responses");
        }

        @Override
        public Integer parse(InputStream stream) {
            try {
                var in = CodedInputStream.newInstance(stream);
                int state = 0;
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag == 8) {
                        state = in.readEnum();
                    } else {
                        in.skipField(tag);
                    }
                }
                return state;
            } catch (IOException malformed) {
                throw Status.INTERNAL.withDescription(malformed.getMessage()).asRuntimeException();
            }
        }
    }
}
