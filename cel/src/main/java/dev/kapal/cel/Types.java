package dev.kapal.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.kapal.cel.library.Authorizers;
import dev.kapal.model.Schema;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The language's types for our own, and the objects among them by name. One environment; filled by one thread.
@SuppressWarnings("Immutable") // it grows only until its environment is built
final class Types implements CelTypeProvider {
    private final Map<String, CelType> objects = new HashMap<>();
    private final Set<String> open;
    private final ImmutableSet<String> words;

    /// Types that contain themselves are made only once.
    private final Map<String, StructType> byName = new HashMap<>();

    /// @param open names of objects whose fields may have any name
    /// @param words the fields that such objects have: those that an expression names
    Types(Set<String> open, Set<String> words) {
        this.open = open;
        this.words = ImmutableSet.copyOf(words);
    }

    CelType of(ValueType type) {
        return switch (type) {
            case ValueType.Plain plain -> plain(plain);
            case ValueType.ListOf(var item) -> ListType.create(of(item));
            case ValueType.MapOf(var value) -> MapType.create(SimpleType.STRING, of(value));
            case ValueType.Sized(var sized, long _) -> of(sized);
            case ValueType.SizedMap(long _, var value, long _) -> MapType.create(SimpleType.STRING, of(value));
            case ValueType.OptionalOf(var value) -> OptionalType.create(of(value));
            case ValueType.Typed(var name, var schema) -> of(name, schema).orElse(SimpleType.DYN);
            case ValueType.Struct(var name, var fields) -> struct(name, fields);
            case ValueType.OpenStruct(var name) -> openStruct(name);
            case ValueType.Checked(var checked) -> checked;
        };
    }

    private static CelType plain(ValueType.Plain plain) {
        return switch (plain) {
            case BOOL -> SimpleType.BOOL;
            case INT -> SimpleType.INT;
            case UINT -> SimpleType.UINT;
            case DOUBLE -> SimpleType.DOUBLE;
            case STRING -> SimpleType.STRING;
            case BYTES -> SimpleType.BYTES;
            case TIMESTAMP -> SimpleType.TIMESTAMP;
            case DURATION -> SimpleType.DURATION;
            case NULL -> SimpleType.NULL_TYPE;
            case DYN -> SimpleType.DYN;
            case AUTHORIZER -> Authorizers.AUTHORIZER;
            case REQUEST_RESOURCE -> Authorizers.RESOURCE_CHECK;
        };
    }

    private CelType struct(String name, Map<String, ValueType> fields) {
        var types = new LinkedHashMap<String, CelType>();
        fields.forEach((field, type) -> types.put(field, of(type)));
        return known(StructType.create(
                name, ImmutableSet.copyOf(types.keySet()), field -> Optional.ofNullable(types.get(field))));
    }

    private CelType known(StructType type) {
        objects.put(type.name(), type);
        return type;
    }

    /// Empty for objects of which no expression can see anything.
    private Optional<CelType> of(String name, Schema schema) {
        return switch (schema.type()) {
            case BOOLEAN -> Optional.of(SimpleType.BOOL);
            case INTEGER -> Optional.of(SimpleType.INT);
            case NUMBER -> Optional.of(SimpleType.DOUBLE);
            case QUANTITY -> Optional.of(SimpleType.STRING);
            case INT_OR_STRING -> Optional.of(SimpleType.DYN);
            case STRING -> Optional.of(text(schema.format()));
            case ARRAY ->
                schema.items().flatMap(items -> of(name + ".@idx", items)).map(ListType::create);
            case OBJECT -> object(name, schema);
            case ANY -> Optional.empty();
        };
    }

    private static CelType text(String format) {
        return switch (format) {
            case "byte" -> SimpleType.BYTES;
            case "date", "date-time" -> SimpleType.TIMESTAMP;
            case "duration" -> SimpleType.DURATION;
            default -> SimpleType.STRING;
        };
    }

    private Optional<CelType> object(String place, Schema schema) {
        var values = schema.additionalProperties();
        if (values.isPresent()) {
            return of(place + ".@elem", values.get()).map(value -> MapType.create(SimpleType.STRING, value));
        }
        if (schema.properties().isEmpty() && schema.preservesUnknownFields()) {
            return Optional.empty();
        }
        var name = schema.name().isEmpty() ? place : schema.name();
        var present = byName.get(name);
        if (present != null) {
            return Optional.of(present);
        }
        var fields = new HashMap<String, CelType>();
        var names = new LinkedHashMap<String, Schema>();
        schema.properties().forEach((field, s) -> Identifiers.escape(field).ifPresent(id -> names.put(id, s)));
        var type = StructType.create(
                name, ImmutableSet.copyOf(names.keySet()), field -> Optional.ofNullable(fields.get(field)));
        byName.put(name, type); // before its fields, which may lead back to it
        names.forEach((id, field) -> of(name + "." + id, field).ifPresent(t -> fields.put(id, t)));
        return Optional.of(known(type));
    }

    private CelType openStruct(String name) {
        return StructType.create(name, words, _ -> Optional.of(SimpleType.DYN));
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return ImmutableList.copyOf(objects.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
        var known = objects.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        boolean isOpen = open.stream().anyMatch(o -> name.equals(o) || name.startsWith(o + "."));
        return isOpen ? Optional.of(openStruct(name)) : Optional.empty();
    }
}
