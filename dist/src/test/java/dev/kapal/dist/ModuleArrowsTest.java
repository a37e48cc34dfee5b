package dev.kapal.dist;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds the arrows between the modules: a module uses only what its row names.
class ModuleArrowsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.kapal");

    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("base", List.of()),
            Map.entry("http", List.of("base")),
            Map.entry("pki", List.of("base")),
            Map.entry("model", List.of("base")),
            Map.entry("cel", List.of("base", "model")),
            Map.entry("store", List.of("base")),
            Map.entry("linux", List.of("base")),
            Map.entry("apiserver", List.of("base", "http", "pki", "model", "cel", "store")),
            Map.entry("client", List.of("base", "http", "pki", "model")),
            Map.entry("controllers", List.of("base", "pki", "model", "client")),
            Map.entry("scheduler", List.of("base", "model", "client")),
            Map.entry("agent", List.of("base", "http", "pki", "model", "client", "linux")),
            Map.entry("network", List.of("base", "http", "model", "client", "linux")),
            Map.entry("cli", List.of("base", "http", "pki", "model", "client", "linux", "agent", "network", "samples")),
            Map.entry("samples", List.of()));

    @TestFactory
    List<DynamicTest> everyModuleUsesOnlyTheModulesBelowIt() {
        var tests = new ArrayList<DynamicTest>();
        MAY_USE.forEach((module, below) -> tests.add(DynamicTest.dynamicTest(module, () -> {
            var allowed = new ArrayList<String>(List.of("dev.kapal." + module + ".."));
            below.forEach(name -> allowed.add("dev.kapal." + name + ".."));
            var forbidden = MAY_USE.keySet().stream()
                    .map(name -> "dev.kapal." + name + "..")
                    .filter(name -> !allowed.contains(name))
                    .toList();
            var rule = ArchRuleDefinition.noClasses()
                    .that()
                    .resideInAPackage("dev.kapal." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.toArray(String[]::new))
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAnyPackage("dev.kapal.dist..", "dev.kapal.testkit..", "dev.kapal.bench..");
            rule.allowEmptyShould(true).check(CLASSES);
        })));
        return tests;
    }
}
