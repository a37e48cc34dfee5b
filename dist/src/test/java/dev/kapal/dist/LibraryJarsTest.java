package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryJarsTest {
    private static final String MANIFEST = """
            Manifest-Version: 1.0
            Multi-Release: true

            Name: Choice.class
            SHA-256-Digest: AAAA

            """;

    @TempDir
    Path directory;

    private Path jar;

    @BeforeEach
    void name() {
        jar = directory.resolve("library.jar");
    }

    @Test
    void leavesAJarAsItIsThatTheCacheTakes() throws Exception {
        write(Map.of("Choice.class", choice(ClassFile.JAVA_8_VERSION), "notes.txt", "text".getBytes()));
        byte[] before = Files.readAllBytes(jar);
        assertThat(LibraryJars.renew(jar)).isFalse();
        assertThat(jar).hasBinaryContent(before);
    }

    @Test
    void takesSignatureAndDigestsAwayAndKeepsTheRest() throws Exception {
        byte[] code = choice(ClassFile.JAVA_8_VERSION);
        write(Map.of(
                "META-INF/MANIFEST.MF",
                MANIFEST.getBytes(),
                "META-INF/KEY.SF",
                new byte[1],
                "META-INF/KEY.RSA",
                new byte[1],
                "META-INF/services/a.Service",
                "an.Implementation".getBytes(),
                "Choice.class",
                code));
        assertThat(LibraryJars.renew(jar)).isTrue();
        assertThat(read().keySet())
                .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/services/a.Service", "Choice.class");
        assertThat(read().get("Choice.class")).isEqualTo(code);
        try (var file = new JarFile(jar.toFile())) {
            assertThat(file.isMultiRelease()).isTrue();
            assertThat(file.getManifest().getEntries()).isEmpty();
        }
    }

    @Test
    void makesAnOldClassOneThatTheCacheTakesAndThatDoesTheSame() throws Exception {
        write(Map.of("Choice.class", choice(ClassFile.JAVA_5_VERSION)));
        assertThat(LibraryJars.renew(jar)).isTrue();
        assertThat(ByteBuffer.wrap(read().get("Choice.class")).getShort(6))
                .isGreaterThanOrEqualTo((short) ClassFile.JAVA_6_VERSION);
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            var choose = loader.loadClass("Choice").getMethod("choose", int.class);
            assertThat(choose.invoke(null, 0)).isEqualTo("none");
            assertThat(choose.invoke(null, 7)).isEqualTo("some");
        }
    }

    /// A class whose verification needs a stack map in newer versions: it branches.
    private static byte[] choice(int version) {
        var choose = MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_int);
        return ClassFile.of(ClassFile.StackMapsOption.STACK_MAPS_WHEN_REQUIRED)
                .build(
                        ClassDesc.of("Choice"),
                        type -> type.withVersion(version, 0)
                                .withFlags(ClassFile.ACC_PUBLIC)
                                .withMethodBody("choose", choose, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, code -> {
                                    var some = code.newLabel();
                                    code.iload(0)
                                            .ifne(some)
                                            .loadConstant("none")
                                            .areturn()
                                            .labelBinding(some)
                                            .loadConstant("some")
                                            .areturn();
                                }));
    }

    private void write(Map<String, byte[]> entries) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var entry : new TreeMap<>(entries).entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
    }

    private Map<String, byte[]> read() throws IOException {
        var entries = new TreeMap<String, byte[]>();
        try (var in = new ZipFile(jar.toFile())) {
            for (var names = in.entries(); names.hasMoreElements(); ) {
                var entry = names.nextElement();
                entries.put(entry.getName(), in.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }
}
