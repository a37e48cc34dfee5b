package dev.kapal.model;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// All built-in types, read from the files that the build made. At start only the index is read; a type is compiled
/// when
/// somebody first asks for it, and the descriptions stay on disk until an OpenAPI document is wanted. Any thread.
public final class SchemaLibrary {

    private static final class BuiltIn {
        static final SchemaLibrary LIBRARY = new SchemaLibrary(Blob.load("schemas.bin"));
    }

    private static final class Descriptions {
        static final Blob BLOB = Blob.load("descriptions.bin");
    }

    private final Blob blob;
    private final Map<String, TypeDefinition> compiled = new ConcurrentHashMap<>();

    private SchemaLibrary(Blob blob) {
        this.blob = blob;
    }

    /// Kubernetes' own types.
    public static SchemaLibrary builtIn() {
        return BuiltIn.LIBRARY;
    }

    /// Names of all definitions in alphabetical order.
    public Collection<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(blob.offsets.keySet()));
    }

    /// The type of that name, `io.k8s.api.core.v1.Pod`. An unknown name is a defect.
    public Schema schema(String name) {
        return definition(name).root();
    }

    public Optional<Schema> find(String name) {
        return blob.offsets.containsKey(name) ? Optional.of(schema(name)) : Optional.empty();
    }

    TypeDefinition definition(String name) {
        var known = compiled.get(name);
        return known != null ? known : compiled.computeIfAbsent(name, this::compile);
    }

    private TypeDefinition compile(String name) {
        try {
            return TypeDefinition.read(this, name, blob.at(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The description of the type, then of its fields in alphabetical order.
    List<String> descriptions(String name) {
        try (var in = Descriptions.BLOB.at(name)) {
            var texts = new ArrayList<String>();
            while (in.available() > 0) {
                texts.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A file of named bodies, held as it is.
    private record Blob(byte[] bytes, Map<String, Integer> offsets) {

        static Blob load(String file) {
            try (var in = SchemaLibrary.class.getResourceAsStream(file)) {
                return index(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Blob index(byte[] bytes) throws IOException {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            int count = in.readInt();
            var offsets = HashMap.<String, Integer>newHashMap(count);
            for (int i = 0; i < count; i++) {
                var name = in.readUTF();
                offsets.put(name, bytes.length - in.available());
                in.skipNBytes(in.readInt());
            }
            return new Blob(bytes, offsets);
        }

        DataInputStream at(String name) throws IOException {
            var offset = offsets.get(name);
            if (offset == null) {
                throw new IllegalArgumentException("no type is called " + name);
            }
            int length = new DataInputStream(new ByteArrayInputStream(bytes, offset, Integer.BYTES)).readInt();
            return new DataInputStream(new ByteArrayInputStream(bytes, offset + Integer.BYTES, length));
        }
    }
}
