package dev.kapal.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Writes which behaviours were proved and which were not to `target/conformance.tsv` of the module whose tests ran:
/// id, outcome and test, tab separated. JUnit finds it as a service; tests on several threads may report at once.
public final class ConformanceLog implements TestExecutionListener {
    private static final Path FILE = Path.of("target", "conformance.tsv");

    private final Map<String, Set<String>> published = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        var id = entry.getKeyValuePairs().get(Conformance.ENTRY);
        if (id != null) {
            published
                    .computeIfAbsent(test.getUniqueId(), any -> ConcurrentHashMap.newKeySet())
                    .add(id);
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, "skipped");
    }

    /// A container that fails takes its tests with it, so its own failure counts, too.
    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    note(test, "passed");
                }
            }
            case FAILED -> note(test, "failed");
            case ABORTED -> note(test, "skipped");
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(FILE.getParent());
            Files.write(FILE, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(TestIdentifier test, String outcome) {
        var ids = new TreeSet<>(published.getOrDefault(test.getUniqueId(), Set.of()));
        test.getSource().map(ConformanceLog::annotated).ifPresent(ids::addAll);
        var name = test.getSource().map(ConformanceLog::name).orElse(test.getDisplayName());
        ids.forEach(id -> lines.add(id + "\t" + outcome + "\t" + name));
    }

    private static List<String> annotated(TestSource source) {
        return switch (source) {
            case MethodSource method -> {
                var ids = new ArrayList<>(of(method.getJavaMethod().getAnnotation(Conformance.class)));
                ids.addAll(of(method.getJavaClass().getAnnotation(Conformance.class)));
                yield ids;
            }
            case ClassSource type -> of(type.getJavaClass().getAnnotation(Conformance.class));
            default -> List.of();
        };
    }

    private static List<String> of(Conformance conformance) {
        return conformance == null ? List.of() : List.of(conformance.value());
    }

    private static String name(TestSource source) {
        return switch (source) {
            case MethodSource method -> method.getClassName() + "." + method.getMethodName();
            case ClassSource type -> type.getClassName();
            default -> source.toString();
        };
    }
}
