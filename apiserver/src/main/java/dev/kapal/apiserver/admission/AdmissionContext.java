package dev.kapal.apiserver.admission;

import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.model.ResourceRegistry;
import java.util.List;
import java.util.random.RandomGenerator;

/// What plugins are made of.
///
/// @param authorizer the whole chain, for what depends on more than the request itself
/// @param guards always on; they stand after all that change an object
/// @param random must be safe for any thread
/// @param life owner of the threads that plugins start
public record AdmissionContext(
        AdmissionChoice choice,
        ObjectReader objects,
        ObjectWriter writer,
        ResourceRegistry registry,
        Authorizer authorizer,
        List<AdmissionPlugin> guards,
        Time time,
        RandomGenerator random,
        Metrics metrics,
        Life life) {}
