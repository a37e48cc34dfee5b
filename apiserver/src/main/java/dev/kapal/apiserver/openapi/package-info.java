/// Serves the OpenAPI documents that [dev.kapal.model.openapi] writes. Start at [OpenApiPages].
package dev.kapal.apiserver.openapi;
