package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RandomNames;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.util.random.RandomGenerator;

/// Gives every pod a service account and mounts what a program needs to call the API: a token, the cluster's CA and
/// the
/// namespace.
final class ServiceAccountAdmission implements AdmissionPlugin.Mutating, AdmissionPlugin.Validating {
    private static final GroupVersionResource ACCOUNTS = new GroupVersionResource("", "v1", "serviceaccounts");
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final int TOKEN_SECONDS = 60 * 60 + 7;
    private static final int MODE = 0644;
    private static final String ENFORCE_MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

    private final ObjectReader objects;
    private final RandomGenerator random;

    ServiceAccountAdmission(ObjectReader objects, RandomGenerator random) {
        this.objects = objects;
        this.random = random;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public void mutate(AdmissionRequest request) throws InterruptedException {
        if (!request.isCore("pods") || !request.isCreate()) {
            return;
        }
        var pod = request.object().orElseThrow();
        if (!(pod.get("spec") instanceof ObjectNode spec) || isMirror(pod)) {
            return; // an agent deletes a mirror of its pod that is not the same
        }
        if (spec.path("serviceAccountName").asText("").isEmpty()) {
            spec.put("serviceAccountName", "default");
        }
        var name = spec.path("serviceAccountName").asText();
        spec.put("serviceAccount", name);
        var account = account(request, name);
        if (wantsToken(spec, account)) {
            mountToken(spec);
        }
        if (!spec.has("imagePullSecrets") && account.get("imagePullSecrets") instanceof ArrayNode secrets) {
            spec.set("imagePullSecrets", secrets.deepCopy());
        }
    }

    private ObjectNode account(AdmissionRequest request, String name) throws InterruptedException {
        return objects.find(ACCOUNTS, request.namespace(), name)
                .orElseThrow(() -> request.forbidden("error looking up service account " + request.namespace() + "/"
                        + name + ": serviceaccount \"" + name + "\" not found"));
    }

    private static boolean isMirror(ObjectNode pod) {
        return pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror");
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        boolean debugs = request.isUpdate()
                && request.isCoreOrBelow("pods")
                && request.subresource().equals("ephemeralcontainers");
        if (!debugs && (!request.isCore("pods") || !request.isCreate())) {
            return;
        }
        var pod = request.object().orElseThrow();
        var spec = pod.path("spec");
        if (isMirror(pod) && request.isCreate()) {
            validateMirror(request, spec);
            return;
        }
        var account = account(request, spec.path("serviceAccountName").asText());
        var enforced = account.path("metadata").path("annotations").path(ENFORCE_MOUNTABLE);
        if (enforced.asText("").equals("true")) {
            MountableSecrets.objection(account, spec, debugs).ifPresent(why -> {
                throw request.forbidden(why);
            });
        }
    }

    private static void validateMirror(AdmissionRequest request, JsonNode spec) {
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            throw request.forbidden("a mirror pod may not reference service accounts");
        }
        if (SpecReferences.has(spec, "secret")) {
            throw request.forbidden("a mirror pod may not reference secrets");
        }
        for (var volume : spec.path("volumes")) {
            for (var source : volume.path("projected").path("sources")) {
                if (source.has("serviceAccountToken")) {
                    throw request.forbidden("a mirror pod may not use ServiceAccountToken volume projections");
                }
            }
        }
    }

    private static boolean wantsToken(ObjectNode spec, ObjectNode account) {
        if (spec.has("automountServiceAccountToken")) {
            return spec.get("automountServiceAccountToken").asBoolean();
        }
        return account.path("automountServiceAccountToken").asBoolean(true);
    }

    private void mountToken(ObjectNode spec) {
        var volume = existingVolume(spec);
        boolean isNew = volume.isEmpty();
        if (isNew) {
            volume = VOLUME_PREFIX + RandomNames.suffix(random);
        }
        boolean mounted = mount(spec.path("initContainers"), volume);
        mounted |= mount(spec.path("containers"), volume);
        if (mounted && isNew) {
            spec.withArray("volumes").add(volume(volume));
        }
    }

    private static String existingVolume(ObjectNode spec) {
        for (var volume : spec.path("volumes")) {
            var name = volume.path("name").asText();
            if (name.startsWith(VOLUME_PREFIX) && volume.has("projected")) {
                return name;
            }
        }
        return "";
    }

    private static boolean mount(JsonNode containers, String volume) {
        boolean mounted = false;
        for (var container : containers) {
            if (container instanceof ObjectNode object && !isTaken(object)) {
                object.withArray("volumeMounts")
                        .addObject()
                        .put("name", volume)
                        .put("readOnly", true)
                        .put("mountPath", MOUNT_PATH);
                mounted = true;
            }
        }
        return mounted;
    }

    private static boolean isTaken(ObjectNode container) {
        for (var mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode volume(String name) {
        var volume = Documents.object().put("name", name);
        var projected = volume.putObject("projected");
        var sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        var ca = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        ca.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        var namespace =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        namespace.put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", MODE);
        return volume;
    }
}
