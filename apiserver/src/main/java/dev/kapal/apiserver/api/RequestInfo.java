package dev.kapal.apiserver.api;

import dev.kapal.http.Request;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.select.FieldSelector;
import dev.kapal.model.select.SelectorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a request asks for, read from its method, path and query. Immutable. [#of] follows upstream's
/// `RequestInfoFactory`, because authorization rules are written in these words.
///
/// @param isResource whether the path names a resource; otherwise only `path` and `verb` (the lower-case method) mean
///   something
/// @param verb `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`
/// @param prefix `api` or `apis`
/// @param namespace empty for cluster-wide requests; for a request on a Namespace it is that namespace's name
/// @param name from the path, or for list and watch from a field selector that pins `metadata.name`
/// @param parts the path from the resource on: `[pods, web-1, proxy, index.html]`
/// @param fieldSelector as the URL has it, for list, watch and deletecollection; empty otherwise
/// @param labelSelector likewise
public record RequestInfo(
        boolean isResource,
        String path,
        String verb,
        String prefix,
        String group,
        String version,
        String namespace,
        String resource,
        String subresource,
        String name,
        List<String> parts,
        String fieldSelector,
        String labelSelector) {

    private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

    public RequestInfo {
        parts = List.copyOf(parts);
    }

    /// Without selectors.
    public RequestInfo(
            boolean isResource,
            String path,
            String verb,
            String prefix,
            String group,
            String version,
            String namespace,
            String resource,
            String subresource,
            String name,
            List<String> parts) {
        this(isResource, path, verb, prefix, group, version, namespace, resource, subresource, name, parts, "", "");
    }

    /// A wish that came with no path of its own: for questions to the authorizers.
    public static RequestInfo resource(
            String verb,
            String group,
            String version,
            String namespace,
            String resource,
            String subresource,
            String name) {
        String prefix = group.isEmpty() ? "api" : "apis";
        return new RequestInfo(
                true, "", verb, prefix, group, version, namespace, resource, subresource, name, List.of());
    }

    /// The same but for the verb.
    public RequestInfo doing(String otherVerb) {
        return new RequestInfo(
                isResource,
                path,
                otherVerb,
                prefix,
                group,
                version,
                namespace,
                resource,
                subresource,
                name,
                parts,
                fieldSelector,
                labelSelector);
    }

    /// What `request` asks for. Throws [ApiException] when the path makes no sense.
    public static RequestInfo of(Request request) {
        return of(request.method(), request.path(), request::query);
    }

    /// @param path decoded path of the URL
    /// @param query the parameters of the URL by name
    public static RequestInfo of(String method, String path, Query query) {
        return new RequestInfoParser(method, path, query).parse();
    }

    /// The parameters of a URL, decoded.
    @FunctionalInterface
    public interface Query {
        List<String> values(String name);

        /// The first value of a parameter, empty when it is absent.
        default String first(String name) {
            var values = values(name);
            return values.isEmpty() ? "" : values.getFirst();
        }

        /// As upstream reads booleans: present means true, except for `false` and `0`.
        default boolean isTrue(String name) {
            var values = values(name);
            if (values.isEmpty()) {
                return false;
            }
            var value = values.getFirst().toLowerCase(Locale.ROOT);
            return !value.equals("false") && !value.equals("0");
        }
    }

    public GroupVersionResource groupVersionResource() {
        return new GroupVersionResource(group, version, resource);
    }

    public GroupResource groupResource() {
        return new GroupResource(group, resource);
    }

    /// A path that names no resource.
    public static RequestInfo nonResource(String method, String path) {
        return new RequestInfo(false, path, method.toLowerCase(Locale.ROOT), "", "", "", "", "", "", "", List.of());
    }

    /// Reads one request; used once.
    private static final class RequestInfoParser {
        private final String method;
        private final String path;
        private final Query query;
        private String verb = "";

        RequestInfoParser(String method, String path, Query query) {
            this.method = method;
            this.path = path;
            this.query = query;
        }

        RequestInfo parse() {
            var parts = split(path);
            if (parts.size() < 3) {
                return nonResource(method, path);
            }
            var prefix = parts.getFirst();
            boolean core = prefix.equals("api");
            if (!core && (!prefix.equals("apis") || parts.size() < 4)) {
                return nonResource(method, path);
            }
            var groupVersion = core ? new GroupVersion("", parts.get(1)) : new GroupVersion(parts.get(1), parts.get(2));
            return resource(prefix, groupVersion, parts.subList(core ? 2 : 3, parts.size()));
        }

        private RequestInfo resource(String prefix, GroupVersion groupVersion, List<String> rest) {
            verb = verbOfMethod();
            if (rest.getFirst().equals("watch") || rest.getFirst().equals("proxy")) {
                if (rest.size() < 2) {
                    throw ApiException.internal(
                            "failed to create request info: unable to determine kind and namespace from url, " + path);
                }
                verb = rest.getFirst();
                rest = rest.subList(1, rest.size());
            }
            var namespace = "";
            if (rest.getFirst().equals("namespaces") && rest.size() > 1) {
                namespace = rest.get(1);
                if (rest.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(rest.get(2))) {
                    rest = rest.subList(2, rest.size());
                }
            }
            var name = rest.size() > 1 ? rest.get(1) : "";
            var subresource = rest.size() > 2 && !verb.equals("proxy") ? rest.get(2) : "";
            if (name.isEmpty()) {
                name = collection();
            }
            return new RequestInfo(
                    true,
                    path,
                    verb,
                    prefix,
                    groupVersion.group(),
                    groupVersion.version(),
                    namespace,
                    rest.getFirst(),
                    subresource,
                    name,
                    rest,
                    selector("fieldSelector"),
                    selector("labelSelector"));
        }

        private String selector(String parameter) {
            return switch (verb) {
                case "list", "watch", "deletecollection" -> query.first(parameter);
                default -> "";
            };
        }

        /// Turns the verb of one object into the verb of many; answers with the name that a selector pins.
        private String collection() {
            if (verb.equals("delete")) {
                verb = "deletecollection";
            }
            if (!verb.equals("get")) {
                return "";
            }
            verb = query.isTrue("watch") ? "watch" : "list";
            var selector = query.first("fieldSelector");
            if (!selector.contains("metadata.name")) {
                return "";
            }
            try {
                return FieldSelector.parse(selector)
                        .exact("metadata.name")
                        .filter(RequestInfoParser::isPathSegment)
                        .orElse("");
            } catch (SelectorException broken) {
                return ""; // the endpoint reports it; here it only means that no name is pinned
            }
        }

        private static boolean isPathSegment(String name) {
            return !name.equals(".") && !name.equals("..") && !name.contains("/") && !name.contains("%");
        }

        private String verbOfMethod() {
            return switch (method) {
                case "POST" -> "create";
                case "GET", "HEAD" -> "get";
                case "PUT" -> "update";
                case "PATCH" -> "patch";
                case "DELETE" -> "delete";
                default -> "";
            };
        }

        private static List<String> split(String path) {
            int start = 0;
            int end = path.length();
            while (start < end && path.charAt(start) == '/') {
                start++;
            }
            while (end > start && path.charAt(end - 1) == '/') {
                end--;
            }
            var parts = new ArrayList<String>(8);
            if (start == end) {
                return parts;
            }
            for (int slash = path.indexOf('/', start); slash >= 0 && slash < end; slash = path.indexOf('/', start)) {
                parts.add(path.substring(start, slash));
                start = slash + 1;
            }
            parts.add(path.substring(start, end));
            return parts;
        }
    }
}
