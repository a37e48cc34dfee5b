package dev.kapal.controllers.token;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ServiceAccountKeys;
import dev.kapal.pki.SignedTokens;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// Fills Secrets of type `kubernetes.io/service-account-token` with a token that does not end, the cluster's
/// certificates and the namespace, and deletes those whose account is gone. Source: "Managing Service Accounts", token
/// controller.
public final class TokenSecretReconciler implements Reconciler {
    private static final String TYPE = "kubernetes.io/service-account-token";
    private static final String NAME = "kubernetes.io/service-account.name";
    private static final String UID = "kubernetes.io/service-account.uid";
    private static final String CLAIM = "kubernetes.io/serviceaccount/";
    private static final String BY_ACCOUNT = "account";

    private final Cache<Secret> secrets;
    private final Cache<ServiceAccount> accounts;
    private final Api api;
    private final Supplier<ServiceAccountKeys> keys;
    private final String caPem;

    /// @param keys asked for when the first such Secret appears
    public TokenSecretReconciler(Informers informers, Api api, Supplier<ServiceAccountKeys> keys, String caPem) {
        this.secrets = informers
                .withFields(Secret.class, "type=" + TYPE)
                .index(
                        BY_ACCOUNT,
                        secret -> List.of(secret.getMetadata().getNamespace() + "/" + annotation(secret, NAME)));
        this.accounts = informers.of(ServiceAccount.class);
        this.api = api;
        this.keys = keys;
        this.caPem = caPem;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(secrets), Wake.on(accounts, change -> {
            var account = change.latest().getMetadata();
            return secrets.byIndex(BY_ACCOUNT, account.getNamespace() + "/" + account.getName()).stream()
                    .map(Key::of)
                    .toList();
        }));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var secret = secrets.find(key);
        if (secret.isEmpty() || secret.get().getMetadata().getDeletionTimestamp() != null) {
            return Outcome.settled();
        }
        // the cache may be behind: nothing is deleted for an account that has just been made
        var account = api.fetch(ServiceAccount.class, new Key(key.namespace(), annotation(secret.get(), NAME)));
        String wanted = annotation(secret.get(), UID);
        boolean same = account.isPresent()
                && (wanted.isEmpty()
                        || wanted.equals(account.get().getMetadata().getUid()));
        if (!same) {
            var uid = secret.get().getMetadata().getUid();
            api.delete(
                    Secret.class,
                    key,
                    new DeleteOptionsBuilder()
                            .withNewPreconditions()
                            .withUid(uid)
                            .endPreconditions()
                            .build());
            return Outcome.settled();
        }
        fill(secret.get(), account.get());
        return Outcome.settled();
    }

    private void fill(Secret secret, ServiceAccount account) throws InterruptedException {
        var data = new HashMap<>(Objects.requireNonNullElse(secret.getData(), Map.<String, String>of()));
        data.put("ca.crt", base64(caPem));
        data.put("namespace", base64(account.getMetadata().getNamespace()));
        if (data.getOrDefault("token", "").isEmpty()) {
            data.put("token", base64(token(secret, account)));
        }
        var filled = new SecretBuilder(secret)
                .editMetadata()
                .addToAnnotations(UID, account.getMetadata().getUid())
                .endMetadata()
                .withData(data)
                .build();
        if (!filled.equals(secret)) {
            api.update(filled);
        }
    }

    private String token(Secret secret, ServiceAccount account) {
        var metadata = account.getMetadata();
        var claims = Documents.object()
                .put("iss", "kubernetes/serviceaccount")
                .put(CLAIM + "namespace", metadata.getNamespace())
                .put(CLAIM + "secret.name", secret.getMetadata().getName())
                .put(CLAIM + "service-account.name", metadata.getName())
                .put(CLAIM + "service-account.uid", metadata.getUid())
                .put("sub", "system:serviceaccount:" + metadata.getNamespace() + ":" + metadata.getName());
        return new SignedTokens(keys.get()).sign(Documents.json(claims));
    }

    private static String annotation(Secret secret, String name) {
        var annotations = secret.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
