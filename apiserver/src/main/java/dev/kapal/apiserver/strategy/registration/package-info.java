/// The rules of admissionregistration.k8s.io: webhooks, policies and their bindings. Start at [RegistrationKinds].
package dev.kapal.apiserver.strategy.registration;
