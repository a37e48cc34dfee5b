package dev.kapal.model.generate;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.jar.JarFile;

/// Writes `schemas.bin`, `descriptions.bin`, `resources.txt` and `versions.txt` into the classes of this module.
///
/// Arguments: the folder with the hand-written `overlay.txt`, `resources.txt`, `versions.txt` and
/// `versions-overlay.txt`; the folder to write into.
public final class SchemaGenerator {
    private SchemaGenerator() {}

    public static void main(String[] args) throws IOException {
        var source = Path.of(args[0]);
        var target = Files.createDirectories(Path.of(args[1]));
        var overlay = new Overlay(source.resolve("overlay.txt"), source.resolve("versions-overlay.txt"));
        var versions = new FurtherVersions(source.resolve("resources.txt"), source.resolve("versions.txt"));
        try (var jar = modelJar()) {
            var models = new ModelJar(jar);
            var definitions = new Definitions(models, new DefinitionNames(models), overlay, versions);
            overlay.requireAllUsed();
            Files.write(target.resolve("schemas.bin"), definitions.schemas());
            Files.write(target.resolve("descriptions.bin"), definitions.descriptions());
            var resources = new TreeMap<>(definitions.descriptionsByField());
            Files.writeString(
                    target.resolve("resources.txt"),
                    ResourceText.expand(Files.readString(source.resolve("resources.txt")), resources));
            Files.copy(source.resolve("versions.txt"), target.resolve("versions.txt"), REPLACE_EXISTING);
        }
    }

    private static JarFile modelJar() throws IOException {
        var loader = Thread.currentThread().getContextClassLoader();
        var url = loader.getResource(ModelJar.MODELS + "V1Pod.class");
        if (url == null) {
            throw new IllegalStateException("the official Java models are not on the class path");
        }
        return ((JarURLConnection) url.openConnection()).getJarFile();
    }
}
