package dev.kapal.linux;

import java.io.IOException;
import java.time.Duration;

/// nftables, by way of `nft`. Any thread. A script is one transaction: all of it holds, or nothing of it.
public final class Nft {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Commands commands;

    public Nft(Commands commands) {
        this.commands = commands;
    }

    public static Nft system() {
        return new Nft(Commands.system());
    }

    /// Applies `script` atomically.
    public void apply(String script) throws IOException, InterruptedException {
        commands.require(Command.of("nft", "-f", "-").reading(script).within(LIMIT));
    }

    /// Whether the kernel would accept `script`; nothing is changed.
    public Commands.Result check(String script) throws IOException, InterruptedException {
        return commands.run(Command.of("nft", "-c", "-f", "-").reading(script).within(LIMIT));
    }

    /// The table as `nft list table` prints it, numerically; empty when there is none.
    public String list(String family, String table) throws IOException, InterruptedException {
        var result = commands.run(Command.of("nft", "-n", "list", "table", family, table));
        return result.ok() ? result.output() : "";
    }

    public boolean hasTable(String family, String table) throws IOException, InterruptedException {
        return commands.require("nft", "list", "tables")
                .lines()
                .anyMatch(line -> line.equals("table " + family + " " + table));
    }

    /// Removes the table with all it holds; harmless when there is none.
    public void deleteTable(String family, String table) throws IOException, InterruptedException {
        // Adding what is there already changes nothing, so the pair never fails for a missing table.
        apply("add table %1$s %2$s\ndelete table %1$s %2$s\n".formatted(family, table));
    }
}
