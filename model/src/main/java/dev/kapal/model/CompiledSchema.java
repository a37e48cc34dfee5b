package dev.kapal.model;

import dev.kapal.model.TypeExpression.ListOf;
import dev.kapal.model.TypeExpression.MapOf;
import dev.kapal.model.TypeExpression.Reference;
import dev.kapal.model.TypeExpression.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A node of a built-in type. Immutable but for what it remembers once resolved, any thread.
final class CompiledSchema implements Schema {
    private final SchemaLibrary library;
    private final TypeExpression expression;
    private final FieldFacts facts;
    private final String owner;
    private final int position;

    /// What a reference leads to, or what a list or map holds; found twice when two threads race, which is harmless.
    private TypeDefinition definition;

    private Optional<Schema> element;

    /// @param owner the type among whose descriptions ours is, empty when there is none
    /// @param position of our description in it
    CompiledSchema(SchemaLibrary library, TypeExpression expression, FieldFacts facts, String owner, int position) {
        this.library = library;
        this.expression = expression;
        this.facts = facts;
        this.owner = owner;
        this.position = position;
    }

    private Optional<TypeDefinition> definition() {
        if (definition == null && expression instanceof Reference reference) {
            definition = library.definition(reference.definition());
        }
        return Optional.ofNullable(definition);
    }

    private Optional<Schema> element() {
        if (element == null) {
            element = switch (expression) {
                case ListOf list -> Optional.of(anonymous(list.item()));
                case MapOf map -> Optional.of(anonymous(map.value()));
                case Scalar _, Reference _ -> Optional.empty();
            };
        }
        return element;
    }

    /// Items have the description of their type, if it has a name.
    private Schema anonymous(TypeExpression type) {
        var describedBy = type instanceof Reference reference ? reference.definition() : "";
        return new CompiledSchema(library, type, FieldFacts.NONE, describedBy, 0);
    }

    @Override
    public String name() {
        return expression instanceof Reference reference ? reference.definition() : "";
    }

    @Override
    public Type type() {
        return switch (expression) {
            case Scalar scalar -> scalar.type();
            case Reference _ -> definition().orElseThrow().type();
            case ListOf _ -> Type.ARRAY;
            case MapOf _ -> Type.OBJECT;
        };
    }

    @Override
    public String format() {
        return expression instanceof Scalar scalar
                ? scalar.format()
                : definition().map(TypeDefinition::format).orElse("");
    }

    @Override
    public Map<String, Schema> properties() {
        return definition().map(TypeDefinition::properties).orElse(Map.of());
    }

    @Override
    public Optional<Schema> items() {
        return expression instanceof ListOf ? element() : Optional.empty();
    }

    @Override
    public Optional<Schema> additionalProperties() {
        return expression instanceof MapOf ? element() : Optional.empty();
    }

    @Override
    public Set<String> required() {
        return definition().map(TypeDefinition::required).orElse(Set.of());
    }

    @Override
    public String description() {
        var own = owner.isEmpty() ? "" : library.descriptions(owner).get(position);
        // the models say nothing of fields that are structures: what the structure is says what the field is for
        return own.isEmpty() && expression instanceof Reference reference
                ? library.descriptions(reference.definition()).getFirst()
                : own;
    }

    @Override
    public List<String> enums() {
        return facts.enums();
    }

    @Override
    public Optional<String> defaultValue() {
        return facts.defaultValue().isEmpty() ? Optional.empty() : Optional.of(facts.defaultValue());
    }

    @Override
    public boolean zeroIsAbsent() {
        return facts.zeroIsAbsent();
    }

    @Override
    public boolean keepsEmpty() {
        return facts.keepsEmpty();
    }

    @Override
    public ListType listType() {
        return facts.listType();
    }

    @Override
    public List<String> listMapKeys() {
        return facts.listMapKeys();
    }

    @Override
    public boolean isAtomic() {
        return facts.atomic() || definition().map(TypeDefinition::atomic).orElse(false);
    }

    @Override
    public Set<String> patchStrategy() {
        return facts.patchStrategy();
    }

    @Override
    public Optional<String> patchMergeKey() {
        return facts.patchMergeKey().isEmpty() ? Optional.empty() : Optional.of(facts.patchMergeKey());
    }

    @Override
    public List<GroupVersionKind> kinds() {
        return definition().map(TypeDefinition::kinds).orElse(List.of());
    }

    @Override
    public boolean preservesUnknownFields() {
        return type() == Type.ANY;
    }

    @Override
    public String toString() {
        return name().isEmpty() ? expression.toString() : name();
    }
}
