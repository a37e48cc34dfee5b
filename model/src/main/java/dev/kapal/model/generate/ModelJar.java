package dev.kapal.model.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/// Reads class files of the official Java client without loading them, so that nothing they depend on is needed.
final class ModelJar {
    static final String MODELS = "io/kubernetes/client/openapi/models/";
    private static final String SERIALIZED_NAME = "Lcom/google/gson/annotations/SerializedName;";
    private static final String MODEL = "Lio/swagger/annotations/ApiModel;";
    private static final String PROPERTY = "Lio/swagger/annotations/ApiModelProperty;";
    private static final String NON_NULL = "Ljakarta/annotation/Nonnull;";
    private static final Pattern API = Pattern.compile(
            "io/kubernetes/client/openapi/apis/([A-Z][A-Za-z]*?)(V\\d+(?:alpha\\d+|beta\\d+)?)Api(\\$API\\w+Request)?\\.class");

    private final Map<String, JavaModel> models = new TreeMap<>();
    private final Map<String, Set<String>> roots = new TreeMap<>();

    ModelJar(JarFile jar) {
        jar.stream().forEach(entry -> {
            var name = entry.getName();
            var api = API.matcher(name);
            if (name.startsWith(MODELS) && name.endsWith(".class") && !name.contains("$")) {
                var model = model(parse(jar, name));
                models.put(model.name(), model);
            } else if (api.matches()) {
                var key = api.group(1) + "/" + api.group(2).toLowerCase(Locale.ROOT);
                roots.computeIfAbsent(key, _ -> new TreeSet<>()).addAll(typesOfMethods(parse(jar, name)));
            }
        });
        models.remove("AbstractOpenApiSchema");
    }

    /// All model classes by simple name.
    Map<String, JavaModel> models() {
        return models;
    }

    /// The model classes that the methods of each API take or return, keyed `Apps/v1`.
    Map<String, Set<String>> roots() {
        return roots;
    }

    private static ClassModel parse(JarFile jar, String name) {
        try (var in = jar.getInputStream(jar.getEntry(name))) {
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> typesOfMethods(ClassModel api) {
        var types = new TreeSet<String>();
        for (var method : api.methods()) {
            var type = method.methodTypeSymbol();
            var mentioned = new ArrayList<>(type.parameterList());
            mentioned.add(type.returnType());
            mentioned.stream()
                    .map(ClassDesc::descriptorString)
                    .filter(d -> d.startsWith("L" + MODELS))
                    .forEach(d -> types.add(simpleName(d)));
        }
        return types;
    }

    private static String simpleName(String descriptor) {
        return descriptor.substring(1 + MODELS.length(), descriptor.length() - 1);
    }

    private static JavaModel model(ClassModel type) {
        var getters = new HashMap<String, MethodModel>();
        for (var method : type.methods()) {
            if (annotation(method, PROPERTY).isPresent()) {
                fieldRead(method).ifPresent(field -> getters.put(field, method));
            }
        }
        List<JavaModel.Field> fields = new ArrayList<>();
        for (var field : type.fields()) {
            annotation(field, SERIALIZED_NAME)
                    .ifPresent(name -> fields.add(field(field, text(name, "value"), getters)));
        }
        var internalName = type.thisClass().asInternalName();
        var description =
                annotation(type, MODEL).map(a -> text(a, "description")).orElse("");
        return new JavaModel(internalName.substring(MODELS.length()), description, fields);
    }

    private static JavaModel.Field field(FieldModel field, String name, Map<String, MethodModel> getters) {
        var signature = field.findAttribute(Attributes.signature())
                .map(s -> s.signature().stringValue())
                .orElse(field.fieldType().stringValue());
        var getter = getters.get(field.fieldName().stringValue());
        var description =
                annotation(getter, PROPERTY).map(a -> text(a, "value")).orElse("");
        return new JavaModel.Field(
                name, signature, description, annotation(getter, NON_NULL).isPresent());
    }

    /// The field that a getter returns: its name is what ties the annotations to the field.
    private static Optional<String> fieldRead(MethodModel getter) {
        return getter.code().stream()
                .flatMap(code -> code.elementStream())
                .filter(FieldInstruction.class::isInstance)
                .map(i -> ((FieldInstruction) i).name().stringValue())
                .findFirst();
    }

    private static Optional<Annotation> annotation(AttributedElement element, String type) {
        return element.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(a -> a.annotations().stream())
                .filter(a -> a.className().stringValue().equals(type))
                .findFirst();
    }

    private static String text(Annotation annotation, String element) {
        return annotation.elements().stream()
                .filter(e -> e.name().stringValue().equals(element))
                .map(AnnotationElement::value)
                .map(v -> ((AnnotationValue.OfString) v).stringValue())
                .findFirst()
                .orElse("");
    }
}
