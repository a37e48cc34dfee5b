package dev.kapal.client;

import dev.kapal.http.Handler;
import dev.kapal.http.InProcess;
import dev.kapal.http.Peer;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.util.concurrent.atomic.AtomicBoolean;

/// fabric8's transport without a socket: requests go straight to the handler as `peer`.
final class InProcessTransport implements HttpClient.Factory {
    private final Handler handler;
    private final Peer.Local peer;

    InProcessTransport(Handler handler, Peer.Local peer) {
        this.handler = handler;
        this.peer = peer;
    }

    @Override
    public Builder newBuilder() {
        return new Builder(this);
    }

    static final class Builder extends StandardHttpClientBuilder<InProcessHttpClient, InProcessTransport, Builder> {
        Builder(InProcessTransport transport) {
            super(transport);
        }

        @Override
        public HttpClient build() {
            // fabric8 derives one client from another: they share one set of calls, and are closed together.
            var calls = client == null ? new InProcess(clientFactory.handler) : client.calls();
            var closed = client == null ? new AtomicBoolean() : client.getClosed();
            return new InProcessHttpClient(this, closed, calls, clientFactory.peer);
        }

        @Override
        protected Builder newInstance(InProcessTransport transport) {
            return new Builder(transport);
        }
    }
}
