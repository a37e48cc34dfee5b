package dev.kapal.cli;

import dev.kapal.base.time.Time;
import dev.kapal.client.KubeconfigFile;
import dev.kapal.pki.CertificateFile;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.PkiException;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kapal certs`: the cluster's certificates.
@Command(
        name = "certs",
        description = "Lists the cluster's certificates: what, for whom, until when.",
        subcommands = Certs.Rotate.class)
public final class Certs implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        print(
                certificates(cluster.data()),
                Time.system().instant(),
                spec.commandLine().getOut());
        return 0;
    }

    @Command(
            name = "rotate",
            description = {
                "Makes new keys and certificates for every component; a running server takes them by itself.",
                "The key that signs service-account tokens stays. Nodes that joined from other machines renew theirs themselves, through the API.",
                "With --authorities, of a cluster that is down, everything is made anew; who trusts the old authority is then out."
            })
    static final class Rotate implements Callable<Integer> {
        @Option(
                names = "--authorities",
                description = "new authorities, too: other machines must join again, people need new kubeconfigs")
        private boolean authorities;

        @Mixin
        private ClusterOptions cluster;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            var data = cluster.data();
            certificates(data);
            if (authorities && ServerProcess.find(data).isPresent()) {
                throw new Refusal(
                        "the cluster runs, and what runs trusts the old authority; stop it first: ./kapal down");
            }
            try {
                if (authorities) {
                    ClusterPki.retireAuthorities(data.pki());
                }
                var pki = ClusterPki.open(data.pki(), Time.system());
                var rotated = pki.rotate();
                if (Files.exists(data.kubeconfig())) {
                    String url =
                            Config.fromKubeconfig(data.kubeconfig().toFile()).getMasterUrl();
                    KubeconfigFile.admin(
                                    url.replaceFirst("/$", ""), pki.authority().certificatePem())
                            .write(data.kubeconfig(), pki.admin());
                }
                var out = spec.commandLine().getOut();
                print(rotated, Time.system().instant(), out);
                out.println(
                        authorities
                                ? """
                                The old authorities lie beside the new ones as *.old. Now start the cluster: ./kapal up
                                Machines that had joined: remove their pki directory and join them again: ./kapal token create
                                People: ./kapal kubeconfig create NAME"""
                                : "New connections use them at once. Your own kubeconfig gets the new one by: ./kapal up");
                return 0;
            } catch (PkiException broken) {
                throw new Refusal(broken.getMessage());
            }
        }
    }

    private static List<CertificateFile> certificates(DataDirectory data) throws IOException {
        try {
            var found = ClusterPki.list(data.pki());
            if (found.isEmpty()) {
                throw new Refusal("no cluster was started in %s, so there are no certificates".formatted(data.root()));
            }
            return found;
        } catch (PkiException broken) {
            throw new Refusal(broken.getMessage());
        }
    }

    static void print(List<CertificateFile> certificates, Instant now, PrintWriter out) {
        out.println("%-26s %-34s %-16s %-21s %s".formatted("CERTIFICATE", "FOR", "SIGNED BY", "UNTIL", "LEFT"));
        for (var file : certificates) {
            out.println("%-26s %-34s %-16s %-21s %s"
                    .formatted(file.name(), subject(file), file.issuer(), file.until(), left(now, file.until())));
        }
        certificates.stream()
                .filter(file -> file.isAuthorityDue(now))
                .forEach(file -> out.println(
                        "%s ends in less than a year; replace it while the cluster is down: ./kapal certs rotate --authorities"
                                .formatted(file.name())));
    }

    private static String subject(CertificateFile file) {
        var subject = file.subject();
        return subject.organizations().isEmpty()
                ? subject.commonName()
                : subject.commonName() + " (" + String.join(", ", subject.organizations()) + ")";
    }

    private static String left(Instant now, Instant until) {
        var left = Duration.between(now, until);
        if (left.isNegative()) {
            return "ended";
        }
        return left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " hours";
    }
}
