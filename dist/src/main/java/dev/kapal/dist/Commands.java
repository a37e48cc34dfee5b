package dev.kapal.dist;

import dev.kapal.cli.Demo;
import dev.kapal.cli.Down;
import dev.kapal.cli.Image;
import dev.kapal.cli.Status;
import dev.kapal.cli.Up;
import java.util.List;

/// The subcommands of `kapal`, in the order in which its help shows them.
final class Commands {
    private Commands() {}

    static List<Object> all() {
        return List.of(new Up(), new Down(), new Status(), new Demo(), new Image(), new Server(), new Train());
    }
}
