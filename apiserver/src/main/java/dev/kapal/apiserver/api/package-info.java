/// The words that every part of the API server shares: what a request asks for ([RequestInfo]), who asks ([User]),
/// the
/// request under way ([Call]) and how a request is refused ([ApiException] with its [Status]). Start at [Call].
package dev.kapal.apiserver.api;
