package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.aggregation.Aggregator;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.authn.TokenRequests;
import dev.kapal.apiserver.health.ComponentStatuses;
import dev.kapal.apiserver.proxy.Proxies;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.apiserver.streaming.PodConnections;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import java.io.IOException;

/// Sends an authorized request to whoever answers it. Any thread.
public final class Router {
    private final ResourceRegistry registry;
    private final Resources resources;
    private final PodConnections connections;
    private final Proxies proxies;
    private final TokenRequests tokenRequests;
    private final ComponentStatuses components;
    private final Aggregator aggregator;
    private final Pages pages;

    public Router(
            ResourceRegistry registry,
            Resources resources,
            PodConnections connections,
            Proxies proxies,
            TokenRequests tokenRequests,
            ComponentStatuses components,
            Aggregator aggregator,
            Pages pages) {
        this.aggregator = aggregator;
        this.registry = registry;
        this.resources = resources;
        this.connections = connections;
        this.proxies = proxies;
        this.tokenRequests = tokenRequests;
        this.components = components;
        this.pages = pages;
    }

    void route(Call call) throws Exception {
        var info = call.info();
        if (!info.isResource()) {
            page(call);
        } else if (!isServed(info)) {
            elsewhere(call);
        } else if (info.group().isEmpty()) {
            core(call);
        } else {
            resources.handle(call);
        }
    }

    private void page(Call call) throws IOException {
        if (!pages.serves(call.info().path()) && aggregator.serves(call.info().path())) {
            aggregator.handle(call);
        } else {
            pages.handle(call);
        }
    }

    private void elsewhere(Call call) throws IOException {
        if (aggregator.serves(new GroupVersion(call.info().group(), call.info().version()))) {
            aggregator.handle(call);
        } else {
            Pages.notFound(call);
        }
    }

    /// An unknown resource of a known version is for the pipeline to refuse: it has the words for it.
    private boolean isServed(RequestInfo info) {
        return registry.find(info.groupVersionResource()).isPresent()
                || registry.groupVersions().contains(new GroupVersion(info.group(), info.version()));
    }

    /// Some parts of core objects are not documents: they end in a container, or sign something.
    private void core(Call call) throws Exception {
        switch (call.info().resource() + "/" + call.info().subresource()) {
            case "pods/log" -> connections.handle(call);
            case "pods/exec", "pods/attach", "pods/portforward" -> {
                resources.admitConnection(call);
                connections.handle(call);
            }
            case "pods/proxy", "services/proxy", "nodes/proxy" -> {
                resources.admitConnection(call);
                proxies.handle(call);
            }
            case "serviceaccounts/token" -> token(call);
            case "componentstatuses/" -> components.handle(call);
            default -> resources.handle(call);
        }
    }

    private void token(Call call) throws IOException, InterruptedException {
        if (!call.info().verb().equals("create")) {
            throw ApiException.methodNotAllowed();
        }
        tokenRequests.handle(call);
    }
}
