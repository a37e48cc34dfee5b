/// CustomResourceDefinitions: what a definition must fulfil ([dev.kapal.apiserver.crd.CrdStrategy]), what its objects
/// must ([dev.kapal.apiserver.crd.CustomResourceStrategy]), and the controller that serves and ends them
/// ([dev.kapal.apiserver.crd.CustomResources]): a definition becomes resource definitions like the built-in ones.
/// Source: Kubernetes, custom resources; apiextensions v1.
package dev.kapal.apiserver.crd;
