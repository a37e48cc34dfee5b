package dev.kapal.linux;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// Links, addresses and routes of the current network namespace, by way of `ip`. Any thread. Every change may be
/// repeated: what is there already stays, what is gone already is no error.
public final class Links {
    private final Commands commands;

    public Links(Commands commands) {
        this.commands = commands;
    }

    public static Links system() {
        return new Links(Commands.system());
    }

    /// Names of all links.
    public List<String> names() throws IOException, InterruptedException {
        // "3: veth12@if2: <…> mtu …": the name ends at a colon or at the peer's mark.
        return commands.require("ip", "-o", "link", "show")
                .lines()
                .map(line -> line.split(": ", 3)[1].split("@", 2)[0])
                .toList();
    }

    public boolean exists(String link) throws IOException, InterruptedException {
        return names().contains(link);
    }

    /// The link's MTU.
    public int mtu(String link) throws IOException, InterruptedException {
        var words = List.of(commands.require("ip", "-o", "link", "show", "dev", link)
                .strip()
                .split("\\s+"));
        return Integer.parseInt(words.get(words.indexOf("mtu") + 1));
    }

    public void addBridge(String link) throws IOException, InterruptedException {
        change(Command.of("ip", "link", "add", link, "type", "bridge"), "File exists");
    }

    public void addVeth(String link, String peer, String peerNamespace) throws IOException, InterruptedException {
        change(
                Command.of("ip", "link", "add", link, "type", "veth", "peer", "name", peer, "netns", peerNamespace),
                "File exists");
    }

    public void enslave(String link, String bridge) throws IOException, InterruptedException {
        commands.require("ip", "link", "set", link, "master", bridge);
    }

    public void up(String link) throws IOException, InterruptedException {
        commands.require("ip", "link", "set", link, "up");
    }

    public void delete(String link) throws IOException, InterruptedException {
        change(Command.of("ip", "link", "delete", link), "Cannot find device");
    }

    /// Adds `cidr` (such as `10.96.0.10/32`) to `link`.
    public void addAddress(String link, String cidr) throws IOException, InterruptedException {
        change(Command.of("ip", "address", "replace", cidr, "dev", link), "File exists");
    }

    public void removeAddress(String link, String cidr) throws IOException, InterruptedException {
        change(
                Command.of("ip", "address", "delete", cidr, "dev", link),
                "Cannot assign requested address",
                "Cannot find device",
                "Address not found");
    }

    /// Sets the route described by `words` as `ip route replace` takes them: `unreachable 10.96.0.0/16`.
    public void setRoute(String... words) throws IOException, InterruptedException {
        commands.require(Command.of(joined("replace", words)));
    }

    public void deleteRoute(String... words) throws IOException, InterruptedException {
        change(Command.of(joined("delete", words)), "No such process", "Cannot find device");
    }

    private static List<String> joined(String verb, String... words) {
        return Stream.concat(Stream.of("ip", "route", verb), Stream.of(words)).toList();
    }

    private void change(Command command, String... harmless) throws IOException, InterruptedException {
        var result = commands.run(command);
        if (!result.ok() && Stream.of(harmless).noneMatch(result.complaint()::contains)) {
            throw new CommandException(command, result);
        }
    }
}
