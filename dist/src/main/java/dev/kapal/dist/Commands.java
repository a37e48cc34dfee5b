package dev.kapal.dist;

import dev.kapal.cli.Certs;
import dev.kapal.cli.Demo;
import dev.kapal.cli.Down;
import dev.kapal.cli.Image;
import dev.kapal.cli.KubeconfigCommand;
import dev.kapal.cli.Status;
import dev.kapal.cli.Token;
import dev.kapal.cli.Up;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// The subcommands of `kapal`, in the order in which its help shows them.
enum Commands {
    UP(Up::new),
    DOWN(Down::new),
    STATUS(Status::new),
    DEMO(Demo::new),
    IMAGE(Image::new),
    TOKEN(Token::new),
    KUBECONFIG(KubeconfigCommand::new),
    CERTS(Certs::new),
    SECRETS(Secrets::new),
    SERVER(Server::new),
    AGENT(AgentCommand::new),
    APISERVER(ApiServerCommand::new),
    CONTROLLER_MANAGER(ControllerManagerCommand::new),
    SCHEDULER(SchedulerCommand::new),
    TRAIN(Train::new);

    private final Supplier<Object> maker;

    Commands(Supplier<Object> maker) {
        this.maker = maker;
    }

    /// The one that the command line begins with, else all, for the help. To read the options of one takes picocli
    /// about as long as the server takes to open its store.
    static List<Object> of(String[] arguments) {
        return named(arguments).map(one -> List.of(one.maker.get())).orElseGet(Commands::all);
    }

    private static List<Object> all() {
        return List.of(values()).stream().map(command -> command.maker.get()).toList();
    }

    private static Optional<Commands> named(String[] arguments) {
        for (var command : values()) {
            if (arguments.length > 0
                    && arguments[0].equals(
                            command.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }
}
