/// The OpenAPI documents of the API, written from the resource definitions. Start at [OpenApi].
package dev.kapal.model.openapi;
