package dev.kapal.cli;

import dev.kapal.base.time.Time;
import dev.kapal.pki.Pem;
import dev.kapal.pki.TrustRoots;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kapal token`: how other machines join the cluster.
@Command(
        name = "token",
        description = "Tokens by which other machines join the cluster.",
        subcommands = {Token.Create.class, Token.Listing.class, Token.Delete.class})
public final class Token implements Runnable {
    private static final String NAMESPACE = "kube-system";
    private static final String PREFIX = "bootstrap-token-";
    private static final String TYPE = "bootstrap.kubernetes.io/token";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do, for example: ./kapal token create");
    }

    @Command(name = "create", description = "Makes a token and prints the command that joins a machine with it.")
    static final class Create implements Callable<Integer> {
        private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

        @Mixin
        private ClusterOptions cluster;

        @Option(
                names = "--ttl",
                paramLabel = "T",
                defaultValue = "24h",
                converter = Ttl.class,
                description = "how long it is valid (${DEFAULT-VALUE})")
        private Duration ttl;

        @Option(names = "--description", paramLabel = "TEXT", description = "what it is for")
        private String description;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            var data = cluster.data();
            try (var access = Access.to(data)) {
                var roots = TrustRoots.read(data.pki().resolve("ca.crt"));
                var setup = new JoinSetup(access.client());
                String url = JoinSetup.url(access.client());
                setup.ensure(url, Pem.encode(roots.certificates()));
                String id = random(6);
                String secret = random(16);
                access.client().resource(secret(id, secret)).create();
                if (!setup.awaitSignature(id, Time.system())) {
                    throw new Refusal(
                            "the token was made, but no controller has signed kube-public/cluster-info with it yet; do the controllers run?");
                }
                spec.commandLine()
                        .getOut()
                        .println("./kapal agent --server %s --token %s.%s --ca-hash %s"
                                .formatted(url, id, secret, roots.hashes().getFirst()));
                return 0;
            } catch (KubernetesClientException refusal) {
                throw refused(refusal);
            }
        }

        private Secret secret(String id, String secret) {
            var data = new LinkedHashMap<String, String>();
            data.put("token-id", id);
            data.put("token-secret", secret);
            data.put(
                    "expiration",
                    Time.system()
                            .instant()
                            .plus(ttl)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            data.put("usage-bootstrap-authentication", "true");
            data.put("usage-bootstrap-signing", "true");
            data.put("auth-extra-groups", JoinSetup.GROUP);
            if (description != null) {
                data.put("description", description);
            }
            return new SecretBuilder()
                    .withNewMetadata()
                    .withNamespace(NAMESPACE)
                    .withName(PREFIX + id)
                    .endMetadata()
                    .withType(TYPE)
                    .withStringData(data)
                    .build();
        }

        private static String random(int length) {
            var random = new SecureRandom();
            var text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            return text.toString();
        }
    }

    @Command(name = "list", description = "Lists the tokens, without their secret parts.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private ClusterOptions cluster;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            try (var access = Access.to(cluster.data())) {
                var tokens = access.client()
                        .secrets()
                        .inNamespace(NAMESPACE)
                        .withField("type", TYPE)
                        .list()
                        .getItems();
                PrintWriter out = spec.commandLine().getOut();
                out.println("%-8s %-21s %s".formatted("TOKEN", "EXPIRES", "DESCRIPTION"));
                for (var token : tokens) {
                    out.println("%-8s %-21s %s"
                            .formatted(text(token, "token-id"), text(token, "expiration"), text(token, "description")));
                }
                return 0;
            } catch (KubernetesClientException refusal) {
                throw refused(refusal);
            }
        }
    }

    @Command(name = "delete", description = "Deletes a token; machines that have joined with it stay.")
    static final class Delete implements Callable<Integer> {
        @Mixin
        private ClusterOptions cluster;

        @Parameters(paramLabel = "TOKEN", description = "the token, or the six characters before its dot")
        private String token;

        @Override
        public Integer call() {
            String id = token.replaceFirst("\\..*", "");
            try (var access = Access.to(cluster.data())) {
                var gone = access.client()
                        .secrets()
                        .inNamespace(NAMESPACE)
                        .withName(PREFIX + id)
                        .delete();
                if (gone.isEmpty()) {
                    throw new Refusal("there is no token " + id + "; see: ./kapal token list");
                }
                return 0;
            } catch (KubernetesClientException refusal) {
                throw refused(refusal);
            }
        }
    }

    private static Refusal refused(KubernetesClientException refusal) {
        return new Refusal("the API server does not answer as it should: " + refusal.getMessage());
    }

    private static String text(Secret token, String key) {
        var value = token.getData() == null ? null : token.getData().get(key);
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
}
