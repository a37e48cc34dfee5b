package dev.kapal.dist;

import dev.kapal.apiserver.encryption.EncryptionFile;
import dev.kapal.cli.ClusterOptions;
import dev.kapal.cli.Refusal;
import dev.kapal.pki.PkiException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `kapal secrets`: the keys that Secrets are stored under.
@Command(name = "secrets", description = "The keys that Secrets are stored under.", subcommands = Secrets.Rotate.class)
final class Secrets implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do, for example: ./kapal secrets rotate");
    }

    @Command(
            name = "rotate",
            description = {
                "Makes a new key. A running server takes it within seconds and encrypts anew what is stored; else the next start does.",
                "Old keys stay in the file: backups of the store need them. A server with --encryption-provider-config has its own file."
            })
    static final class Rotate implements Callable<Integer> {
        @Mixin
        private ClusterOptions cluster;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            var file = cluster.data().encryption();
            if (!Files.exists(file)) {
                throw new Refusal("there are no keys at %s; start a cluster first: ./kapal up".formatted(file));
            }
            try {
                EncryptionFile.given(file).addKey();
            } catch (PkiException | IllegalArgumentException broken) {
                throw new Refusal(file + ": " + broken.getMessage());
            }
            spec.commandLine()
                    .getOut()
                    .println("A new key encrypts from now on; what is stored is encrypted anew by the server.");
            return 0;
        }
    }
}
