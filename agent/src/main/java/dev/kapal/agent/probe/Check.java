package dev.kapal.agent.probe;

import java.time.Duration;

/// Asks one question of one container. Blocks for at most about `timeout`.
@FunctionalInterface
public interface Check {
    Outcome ask(Duration timeout) throws InterruptedException;
}
