package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name and signer.
final class TrustBundlePrinter implements Printer {
    @Override
    public void print(ObjectNode bundle, Instant now, ArrayNode cells) {
        cells.add(Cells.name(bundle)).add(Cells.orNone(bundle.path("spec").path("signerName")));
    }
}
