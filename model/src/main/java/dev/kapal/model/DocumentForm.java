package dev.kapal.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// How documents of a type are brought into form, where the type itself says so: custom resources keep what a typed
/// object would lose (empty lists, zeros, nulls that are allowed). Any thread.
public interface DocumentForm {
    /// Throws [dev.kapal.model.codec.DecodeException] for what no client may send at all.
    void types(ObjectNode document);

    /// Removes what the schema does not know, in place.
    void prune(ObjectNode document);

    /// Fills in what is absent, in place.
    void defaults(ObjectNode document);

    /// Whether documents that were stored may lack what the schema says now, so that reading has to prune and default.
    boolean completesStored();
}
