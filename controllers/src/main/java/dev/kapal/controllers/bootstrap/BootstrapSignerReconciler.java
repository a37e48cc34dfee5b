package dev.kapal.controllers.bootstrap;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keeps signatures of all valid tokens on `kube-public/cluster-info`, so that whoever has a token can tell that what
/// it
/// reads there is the cluster's. One key: that ConfigMap.
public final class BootstrapSignerReconciler implements Reconciler {
    private static final Key INFO = new Key("kube-public", "cluster-info");
    private static final String SIGNED = "kubeconfig";
    private static final String SIGNATURE = "jws-kubeconfig-";

    private final Cache<ConfigMap> maps;
    private final Cache<Secret> secrets;
    private final Api api;
    private final InstantSource time;

    public BootstrapSignerReconciler(Informers informers, Api api, InstantSource time) {
        this.maps = informers.withFields(ConfigMap.class, "metadata.name=cluster-info");
        this.secrets = informers.withFields(Secret.class, "type=" + Token.TYPE);
        this.api = api;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.on(maps, change -> List.of(INFO)), Wake.on(secrets, change -> List.of(INFO)));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var info = maps.find(INFO);
        if (info.isEmpty()
                || info.get().getData() == null
                || !info.get().getData().containsKey(SIGNED)) {
            return Outcome.settled();
        }
        var tokens = secrets.list(Token.NAMESPACE).stream()
                .flatMap(secret -> Token.of(secret).stream())
                .toList();
        var wanted = signed(info.get().getData(), tokens, time.instant());
        if (!wanted.equals(info.get().getData())) {
            api.update(new ConfigMapBuilder(info.get()).withData(wanted).build());
        }
        return Outcome.settled();
    }

    static Map<String, String> signed(Map<String, String> data, Collection<Token> tokens, Instant now) {
        var wanted = new TreeMap<>(data);
        wanted.keySet().removeIf(name -> name.startsWith(SIGNATURE));
        for (var token : tokens) {
            if (token.signs() && !token.isOver(now)) {
                wanted.put(SIGNATURE + token.id(), signature(data.get(SIGNED), token));
            }
        }
        return wanted;
    }

    /// A JSON web signature with its content left out.
    static String signature(String content, Token token) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        String header = "{\"alg\":\"HS256\",\"kid\":\"" + token.id() + "\"}";
        String head = encoder.encodeToString(header.getBytes(StandardCharsets.US_ASCII));
        String body = encoder.encodeToString(content.getBytes(StandardCharsets.UTF_8));
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(token.secret().getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            byte[] signature = mac.doFinal((head + "." + body).getBytes(StandardCharsets.US_ASCII));
            return head + ".." + encoder.encodeToString(signature);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
