package dev.kapal.apiserver.webhook;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;

/// What it takes to call other servers.
///
/// @param life owner of the calls' threads and of the connections between them
public record Calling(ServiceAddresses services, Life life, Time time) {}
