/// The API server: the edge in front, the generic resource pipeline behind it, a store below. Start at [ApiServer],
/// which
/// puts it together; then [dev.kapal.apiserver.edge.Edge] for the way of a request.
package dev.kapal.apiserver;
