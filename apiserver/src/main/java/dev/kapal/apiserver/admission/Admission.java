package dev.kapal.apiserver.admission;

import java.util.List;
import java.util.random.RandomGenerator;

/// The chain of plugins, in the order in which they look at a write. Any thread.
public final class Admission implements AdmissionPlugin {
    private final List<AdmissionPlugin> plugins;

    public Admission(List<AdmissionPlugin> plugins) {
        this.plugins = List.copyOf(plugins);
    }

    /// The plugins that are always on.
    public static Admission builtIn(ObjectReader objects, RandomGenerator random) {
        return new Admission(List.of(
                new NamespaceLifecycle(objects), // first: nothing else matters in a namespace that is not there
                new NodeRestriction(), // before anything is computed for who may not write at all
                new ServiceAccountAdmission(objects, random), // adds volumes, so before what looks at them
                new DefaultTolerationSeconds(),
                new Priority()));
    }

    @Override
    public void admit(AdmissionRequest request) throws InterruptedException {
        for (var plugin : plugins) {
            plugin.admit(request);
        }
    }
}
