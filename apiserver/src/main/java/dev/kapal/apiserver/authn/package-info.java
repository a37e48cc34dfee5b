/// Who asks: client certificates, service-account tokens, components in this process, or nobody known. Start at
/// [Authenticator].
package dev.kapal.apiserver.authn;
