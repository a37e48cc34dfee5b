package dev.kapal.client;

import dev.kapal.http.Headers;
import dev.kapal.http.InProcess;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An answer in the form that fabric8 reads. Immutable.
final class InProcessResponse<V> extends StandardHttpHeaders implements HttpResponse<V> {
    private final int code;
    private final HttpRequest request;
    private final V body;

    InProcessResponse(InProcess.Answer answer, HttpRequest request, V body) {
        super(fields(answer.headers()));
        this.code = answer.status();
        this.request = request;
        this.body = body;
    }

    private static Map<String, List<String>> fields(Headers headers) {
        var fields = new LinkedHashMap<String, List<String>>();
        headers.names().forEach(name -> fields.put(name, headers.all(name)));
        return fields;
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public V body() {
        return body;
    }

    @Override
    public HttpRequest request() {
        return request;
    }

    @Override
    public Optional<HttpResponse<?>> previousResponse() {
        return Optional.empty();
    }
}
