package dev.kapal.apiserver.admission;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.util.random.RandomGenerator;

/// What plugins are made of.
///
/// @param random must be safe for any thread
public record AdmissionContext(
        AdmissionChoice choice,
        ObjectReader objects,
        ObjectWriter writer,
        Time time,
        RandomGenerator random,
        Metrics metrics) {}
