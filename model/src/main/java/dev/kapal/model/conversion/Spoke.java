package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// The way between one version and the stored one; both directions change the document in place and leave `apiVersion`
/// and `kind` alone. Where defaults of the version depend on other fields, the way to the stored form fills them in.
/// Stateless.
interface Spoke {
    /// For versions that differ in nothing but their name.
    Spoke SAME = new Spoke() {
        @Override
        public void toStored(ObjectNode document) {}

        @Override
        public void toServed(ObjectNode document) {}
    };

    void toStored(ObjectNode document);

    void toServed(ObjectNode document);
}
