package dev.kapal.cel.library;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.values.CelByteString;
import dev.kapal.cel.Authorization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The class of the values of a type, by which an overload is chosen.
final class JavaTypes {
    private JavaTypes() {}

    static Class<?> of(CelType type) {
        return switch (type.kind()) {
            case BOOL -> Boolean.class;
            case INT -> Long.class;
            case UINT -> UnsignedLong.class;
            case DOUBLE -> Double.class;
            case STRING -> String.class;
            case BYTES -> CelByteString.class;
            case DURATION -> Duration.class;
            case TIMESTAMP -> Instant.class;
            case LIST -> List.class;
            case MAP -> Map.class;
            case OPAQUE -> opaque(type.name());
            default -> Object.class;
        };
    }

    private static Class<?> opaque(String name) {
        return switch (name) {
            case "kubernetes.Quantity" -> dev.kapal.model.Quantity.class;
            case "kubernetes.URL" -> Urls.Url.class;
            case "net.IP" -> Addresses.Ip.class;
            case "net.CIDR" -> Addresses.Cidr.class;
            case "kubernetes.Semver" -> Semvers.Semver.class;
            case "kubernetes.NamedFormat" -> Formats.NamedFormat.class;
            case "kubernetes.authorization.Authorizer" -> Authorization.class;
            case "kubernetes.authorization.PathCheck" -> Authorizers.Path.class;
            case "kubernetes.authorization.GroupCheck" -> Authorizers.Group.class;
            case "kubernetes.authorization.ResourceCheck" -> Authorizers.Resource.class;
            case "kubernetes.authorization.Decision" -> Authorization.Decision.class;
            default -> Object.class;
        };
    }
}
