package dev.kapal.apiserver.encryption;

import java.security.GeneralSecurityException;

/// Turns a value into the form in which it is stored, and back. Any thread.
interface Provider {
    /// What the stored form begins with, in ASCII: `k8s:enc:aescbc:v1:key1:`; empty for what stores plainly.
    String prefix();

    /// The stored form, without the prefix.
    ///
    /// @param key where it is stored; providers that can bind the value to that place
    byte[] seal(byte[] plain, String key) throws GeneralSecurityException;

    /// The value of a stored form.
    ///
    /// @param sealed without the prefix
    /// @throws GeneralSecurityException when this provider's key does not open it
    byte[] open(byte[] sealed, String key) throws GeneralSecurityException;

    /// Whether what this provider sealed should be sealed anew, although it opens it.
    default boolean isOutdated(byte[] sealed) {
        return false;
    }
}
