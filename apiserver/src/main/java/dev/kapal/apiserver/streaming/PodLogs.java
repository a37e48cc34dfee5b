package dev.kapal.apiserver.streaming;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.http.Headers;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Problem;
import dev.kapal.model.codec.GoNumber;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `GET …/pods/NAME/log`. Any thread.
final class PodLogs {
    private static final GroupVersionKind OPTIONS = new GroupVersionKind("", "v1", "PodLogOptions");
    private static final List<String> PASSED = List.of(
            "follow", "previous", "timestamps", "sinceSeconds", "sinceTime", "tailLines", "limitBytes", "stream");
    private static final Headers TEXT = Headers.of("Content-Type", "text/plain");

    private final Kubelets kubelets;

    PodLogs(Kubelets kubelets) {
        this.kubelets = kubelets;
    }

    void handle(Call call, PodTarget pod) throws IOException, InterruptedException {
        if (!call.info().verb().equals("get")) {
            throw ApiException.methodNotAllowed();
        }
        check(call);
        String container = pod.container(call.query().first("container"));
        if (pod.node().isEmpty()) {
            call.exchange().stream(200, TEXT).close(); // nothing has run, nothing was said
            return;
        }
        var query = new Queries();
        for (var name : PASSED) {
            call.query().values(name).stream().findFirst().ifPresent(value -> query.add(name, value));
        }
        String path = "/containerLogs/" + pod.namespace() + "/" + pod.name() + "/" + container + query;
        try (var connection = kubelets.connect(pod.node())) {
            call.exchange().onDisconnect(connection::close);
            send(call, connection, path);
        }
    }

    private static void send(Call call, ClientConnection connection, String path) throws IOException {
        var headers = Headers.of("Host", "kubelet", "Connection", "close");
        var answer = connection.send("GET", path, headers, InputStream.nullInputStream(), 0);
        if (answer.status() < 200 || answer.status() > 206) {
            throw BackendRefusals.log(answer, call.info());
        }
        copy(call, answer);
    }

    private static void copy(Call call, ClientConnection.Answer answer) throws IOException {
        var buffer = new byte[32 * 1024];
        try (var body = call.exchange().stream(200, TEXT)) {
            for (int count = answer.body().read(buffer);
                    count >= 0;
                    count = answer.body().read(buffer)) {
                body.write(Arrays.copyOf(buffer, count));
                body.flush();
            }
        }
    }

    private static void check(Call call) {
        var problems = new ArrayList<Problem>();
        number(call, "tailLines")
                .filter(lines -> lines < 0)
                .ifPresent(lines -> problems.add(
                        new Problem(Problem.Type.INVALID, "tailLines", lines, "must be greater than or equal to 0")));
        number(call, "limitBytes")
                .filter(bytes -> bytes < 1)
                .ifPresent(bytes ->
                        problems.add(new Problem(Problem.Type.INVALID, "limitBytes", bytes, "must be greater than 0")));
        var seconds = number(call, "sinceSeconds");
        boolean both = seconds.isPresent() && !call.query().first("sinceTime").isEmpty();
        if (both) {
            problems.add(new Problem(
                    Problem.Type.FORBIDDEN, "", "", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else {
            seconds.filter(value -> value < 1)
                    .ifPresent(value -> problems.add(
                            new Problem(Problem.Type.INVALID, "sinceSeconds", value, "must be greater than 0")));
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(OPTIONS, call.info().name(), problems);
        }
    }

    private static Optional<Long> number(Call call, String name) {
        String value = call.query().first(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(GoNumber.parseInt(value));
        } catch (NumberFormatException malformed) {
            throw ApiException.badRequest(malformed.getMessage());
        }
    }
}
