package dev.kapal.cli;

import dev.kapal.base.time.Time;
import dev.kapal.client.KubeconfigFile;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.Profile;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kapal kubeconfig`: access for people.
@Command(
        name = "kubeconfig",
        description = "Access to the cluster for people.",
        subcommands = KubeconfigCommand.Create.class)
public final class KubeconfigCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do, for example: ./kapal kubeconfig create anna --group developers");
    }

    @Command(
            name = "create",
            description = {
                "Makes a kubeconfig with a certificate for a user, and prints what is bound to the user and the groups.",
                "A certificate cannot be taken back before it ends: prefer short ones, and take away what is bound instead."
            })
    static final class Create implements Callable<Integer> {
        private static final String MASTERS = "system:masters";

        @Mixin
        private ClusterOptions cluster;

        @Parameters(paramLabel = "NAME", description = "the user's name")
        private String name;

        @Option(names = "--group", paramLabel = "G", description = "a group of the user; may be repeated")
        private List<String> groups = new ArrayList<>();

        @Option(
                names = "--ttl",
                paramLabel = "T",
                defaultValue = "24h",
                converter = Ttl.class,
                description = "how long it is valid (${DEFAULT-VALUE})")
        private Duration ttl;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE",
                description = "where to write it (NAME.kubeconfig)")
        private Path output;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (name.startsWith("system:") || groups.contains(MASTERS)) {
                throw new Refusal(
                        "names that begin with system: and the group system:masters are the cluster's own; bind a role to a group of yours instead");
            }
            var data = cluster.data();
            if (!Files.isReadable(data.pki().resolve("ca.key"))) {
                throw new Refusal("the authority's key is not at %s; run this as its owner where the API server runs"
                        .formatted(data.pki()));
            }
            try (var access = Access.to(data)) {
                var pki = ClusterPki.open(data.pki(), Time.system());
                var identity = pki.authority().issue(Profile.person(name, ttl, groups.toArray(String[]::new)));
                var file = output == null ? Path.of(name + ".kubeconfig") : output;
                new KubeconfigFile(
                                "kapal",
                                name,
                                JoinSetup.url(access.client()),
                                pki.authority().certificatePem())
                        .write(file, identity);
                var out = spec.commandLine().getOut();
                out.println("%s: user %s, valid until %s"
                        .formatted(
                                file, name, identity.certificate().getNotAfter().toInstant()));
                var bound = bound(access.client());
                bound.forEach(out::println);
                if (bound.isEmpty()) {
                    out.println(
                            "Nothing is bound to the user yet, for example: kubectl create clusterrolebinding %s --clusterrole=view --user=%s"
                                    .formatted(name + "-view", name));
                }
                return 0;
            } catch (PkiException broken) {
                throw new Refusal(broken.getMessage());
            } catch (KubernetesClientException refusal) {
                throw new Refusal("the API server does not answer as it should: " + refusal.getMessage());
            }
        }

        private List<String> bound(KubernetesClient client) {
            var lines = new ArrayList<String>();
            for (var binding : client.rbac().clusterRoleBindings().list().getItems()) {
                if (concerns(binding.getSubjects())) {
                    lines.add(line(
                            "everywhere",
                            binding.getRoleRef(),
                            binding.getMetadata().getName()));
                }
            }
            for (var binding :
                    client.rbac().roleBindings().inAnyNamespace().list().getItems()) {
                if (concerns(binding.getSubjects())) {
                    lines.add(line(
                            "in " + binding.getMetadata().getNamespace(),
                            binding.getRoleRef(),
                            binding.getMetadata().getName()));
                }
            }
            return lines;
        }

        /// What everybody has who is known is not worth a line.
        private boolean concerns(List<Subject> subjects) {
            return subjects != null
                    && subjects.stream()
                            .anyMatch(subject -> subject.getKind().equals("User")
                                            && subject.getName().equals(name)
                                    || subject.getKind().equals("Group") && groups.contains(subject.getName()));
        }

        private static String line(String where, RoleRef role, String binding) {
            return "  %s %s %s (binding %s)".formatted(where, role.getKind(), role.getName(), binding);
        }
    }
}
