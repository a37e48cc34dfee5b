/// The way of a request through the server: from the exchange that [dev.kapal.http] hands in to whoever answers it.
/// Start at [Edge], which lists the filters in their order, then [Router].
package dev.kapal.apiserver.edge;
