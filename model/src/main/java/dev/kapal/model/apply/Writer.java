package dev.kapal.model.apply;

/// Who owns fields.
///
/// @param manager the name that the client gave
/// @param applied whether by apply; anything else is an update
/// @param apiVersion the version that an update was made in; empty for an apply, which is one whatever its version
/// @param subresource through which, empty for the object itself
public record Writer(String manager, boolean applied, String apiVersion, String subresource)
        implements Comparable<Writer> {

    public static Writer updating(String manager, String apiVersion, String subresource) {
        return new Writer(manager.isEmpty() ? "unknown" : manager, false, apiVersion, subresource);
    }

    public static Writer applying(String manager, String subresource) {
        return new Writer(manager, true, "", subresource);
    }

    String operation() {
        return applied ? "Apply" : "Update";
    }

    Writer shownIn(String otherVersion) {
        return applied ? this : new Writer(manager, false, otherVersion, subresource);
    }

    /// As conflicts name it.
    String shown() {
        var name = '"' + manager + '"' + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"');
        return applied ? name : name + " using " + apiVersion;
    }

    @Override
    public int compareTo(Writer other) {
        int order = manager.compareTo(other.manager);
        if (order == 0) {
            order = operation().compareTo(other.operation());
        }
        if (order == 0) {
            order = apiVersion.compareTo(other.apiVersion);
        }
        return order == 0 ? subresource.compareTo(other.subresource) : order;
    }
}
