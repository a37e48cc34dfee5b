package dev.kapal.dist;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Makes the jars of libraries fit for the AOT cache, which takes neither classes of signed jars nor classes from
/// before
/// Java 6: what is not in it is read, checked and linked anew at every start, a signature even before `main`. A jar
/// without either stays as it is. Run by the launcher after a build; what it reads was fetched by Maven, which has
/// compared its checksum.
final class LibraryJars {
    private LibraryJars() {}

    /// @param arguments the directory of the jars
    public static void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (var files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        for (var jar : jars) {
            renew(jar);
        }
    }

    /// Writes the jar anew if the cache would not take it. Returns whether it did.
    static boolean renew(Path jar) throws IOException {
        try (var in = new ZipFile(jar.toFile())) {
            if (!isUnfit(in)) {
                return false;
            }
            Path renewed = Files.createTempFile(jar.getParent(), "renewed", ".part");
            try (var out = new ZipOutputStream(Files.newOutputStream(renewed))) {
                copy(in, out);
            }
            Files.move(renewed, jar, StandardCopyOption.REPLACE_EXISTING);
            return true;
        }
    }

    private static boolean isUnfit(ZipFile jar) throws IOException {
        for (var entry : Collections.list(jar.entries())) {
            if (isSignature(entry)) {
                return true;
            }
            if (isClass(entry)) {
                try (var in = jar.getInputStream(entry)) {
                    if (isOld(in.readNBytes(8))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static void copy(ZipFile in, ZipOutputStream out) throws IOException {
        var classes = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(hierarchy(in)),
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL);
        for (var entry : Collections.list(in.entries())) {
            if (isSignature(entry)) {
                continue;
            }
            var copy = new ZipEntry(entry.getName());
            copy.setTimeLocal(entry.getTimeLocal());
            out.putNextEntry(copy);
            byte[] bytes = in.getInputStream(entry).readAllBytes();
            if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                withoutDigests(bytes).write(out);
            } else {
                out.write(isClass(entry) && isOld(bytes) ? modern(classes, bytes) : bytes);
            }
        }
    }

    /// A signed jar's manifest has a section for each of its files, which the JVM would read at every start.
    private static Manifest withoutDigests(byte[] bytes) throws IOException {
        var manifest = new Manifest(new ByteArrayInputStream(bytes));
        manifest.getEntries().clear();
        return manifest;
    }

    private static boolean isSignature(ZipEntry entry) {
        return entry.getName().matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    private static boolean isClass(ZipEntry entry) {
        return entry.getName().endsWith(".class");
    }

    /// @param start of the class file, at least 8 bytes
    private static boolean isOld(byte[] start) {
        return ByteBuffer.wrap(start).getShort(6) < ClassFile.JAVA_6_VERSION;
    }

    /// The same class with the stack maps that the verifier of newer versions wants.
    private static byte[] modern(ClassFile classes, byte[] bytes) {
        var version = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);
        return classes.transformClass(
                classes.parse(bytes),
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                        .andThen((builder, element) ->
                                builder.with(element instanceof ClassFileVersion ? version : element)));
    }

    /// What extends what, among the jar's own classes and those of the JDK.
    private static ClassHierarchyResolver hierarchy(ZipFile jar) {
        return ClassHierarchyResolver.ofResourceParsing(type -> {
                    String descriptor = type.descriptorString();
                    var entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
                    try {
                        return entry == null ? null : jar.getInputStream(entry);
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                })
                .orElse(ClassHierarchyResolver.defaultResolver())
                .cached();
    }
}
