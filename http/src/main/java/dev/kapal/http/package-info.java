/// The HTTP edge that API server and agent share: a blocking, straight-line [Handler] behind TLS, HTTP/1.1 and HTTP/2
/// ([HttpServer]) or without any socket ([InProcess]). Start at [Handler] and [Exchange].
package dev.kapal.http;
