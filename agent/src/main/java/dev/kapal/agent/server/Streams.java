package dev.kapal.agent.server;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.AttachRequest;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.ContainerStateValue;
import dev.kapal.agent.cri.v1.ExecRequest;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.PodSandboxState;
import dev.kapal.agent.cri.v1.PodSandboxStateValue;
import dev.kapal.agent.cri.v1.PortForwardRequest;
import dev.kapal.agent.pod.Labels;
import dev.kapal.http.Exchange;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URI;
import java.util.Comparator;

/// Commands in containers, their main process' streams, and connections into pods: each is a URL of the runtime's
/// streaming server, to which the upgraded connection is passed on byte by byte. Runs on the request's thread, for as
/// long as the connection lives.
record Streams(ContainerRuntime runtime, Tunnel tunnel) {
    /// Which streams are asked for, as upstream's parameters say.
    private record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean tty) {
        static Wanted of(Exchange exchange) {
            var parameters = new Parameters(exchange.request());
            boolean tty = parameters.flag("tty");
            // A terminal has one output.
            boolean stderr = parameters.flag("error") && !tty;
            var wanted = new Wanted(parameters.flag("input"), parameters.flag("output"), stderr, tty);
            if (!wanted.stdin && !wanted.stdout && !wanted.stderr) {
                throw Refusal.badRequest("you must specify at least 1 of stdin, stdout, stderr");
            }
            return wanted;
        }
    }

    void exec(Exchange exchange, Pod pod, String container) throws IOException, InterruptedException {
        var wanted = Wanted.of(exchange);
        var request = ExecRequest.newBuilder()
                .setContainerId(running(pod, container))
                .addAllCmd(exchange.request().query("command"))
                .setStdin(wanted.stdin())
                .setStdout(wanted.stdout())
                .setStderr(wanted.stderr())
                .setTty(wanted.tty())
                .build();
        tunnel.connect(exchange, URI.create(url(() -> runtime.exec(request))));
    }

    void attach(Exchange exchange, Pod pod, String container) throws IOException, InterruptedException {
        var wanted = Wanted.of(exchange);
        var request = AttachRequest.newBuilder()
                .setContainerId(running(pod, container))
                .setStdin(wanted.stdin())
                .setStdout(wanted.stdout())
                .setStderr(wanted.stderr())
                .setTty(wanted.tty())
                .build();
        tunnel.connect(exchange, URI.create(url(() -> runtime.attach(request))));
    }

    void portForward(Exchange exchange, Pod pod) throws IOException, InterruptedException {
        var request = PortForwardRequest.newBuilder().setPodSandboxId(sandbox(pod));
        for (var port : exchange.request().query("port")) {
            request.addPort(port(port));
        }
        tunnel.connect(exchange, URI.create(url(() -> runtime.portForward(request.build()))));
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) {
            throw Refusal.badRequest("invalid port value(s): " + text);
        }
        return Integer.parseInt(text);
    }

    private String running(Pod pod, String container) throws InterruptedException {
        var filter = ContainerFilter.newBuilder()
                .putLabelSelector(Labels.POD_UID, pod.getMetadata().getUid())
                .putLabelSelector(Labels.CONTAINER_NAME, container)
                .setState(ContainerStateValue.newBuilder().setState(ContainerState.CONTAINER_RUNNING));
        return ask(() -> runtime.listContainers(filter.build())).stream()
                .max(Comparator.comparingLong(Container::getCreatedAt))
                .map(Container::getId)
                .orElseThrow(() -> Refusal.internal("container not found (\"" + container + "\")"));
    }

    private String sandbox(Pod pod) throws InterruptedException {
        var filter = PodSandboxFilter.newBuilder()
                .putLabelSelector(Labels.POD_UID, pod.getMetadata().getUid())
                .setState(PodSandboxStateValue.newBuilder().setState(PodSandboxState.SANDBOX_READY));
        return ask(() -> runtime.listPodSandboxes(filter.build())).stream()
                .max(Comparator.comparingLong(PodSandbox::getCreatedAt))
                .map(PodSandbox::getId)
                .orElseThrow(() -> Refusal.internal("pod not found (\"%s_%s\")"
                        .formatted(
                                pod.getMetadata().getName(), pod.getMetadata().getNamespace())));
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws InterruptedException;
    }

    private static String url(Question<String> question) throws InterruptedException {
        return ask(question);
    }

    private static <T> T ask(Question<T> question) throws InterruptedException {
        try {
            return question.ask();
        } catch (CriException failure) {
            throw Refusal.of(failure);
        }
    }
}
