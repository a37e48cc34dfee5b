package dev.kapal.apiserver.encryption;

import dev.kapal.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/// The providers for some resources: the first one seals, each opens what it sealed. Immutable; any thread.
final class Providers {
    private final List<Named> all;

    private record Named(byte[] prefix, Provider provider) {}

    Providers(List<Provider> providers) {
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("at least one provider is needed");
        }
        var named = new ArrayList<Named>();
        for (var provider : providers) {
            named.add(new Named(provider.prefix().getBytes(StandardCharsets.US_ASCII), provider));
        }
        this.all = List.copyOf(named);
    }

    byte[] seal(byte[] plain, String key) {
        var first = all.getFirst();
        try {
            byte[] sealed = first.provider().seal(plain, key);
            return first.prefix().length == 0 ? sealed : Sealed.join(first.prefix(), sealed);
        } catch (GeneralSecurityException failure) {
            throw new StoreException("%s cannot be encrypted: %s".formatted(key, failure.getMessage()), failure);
        }
    }

    /// @throws StoreException naming the key when no provider opens the value
    byte[] open(byte[] stored, String key) {
        var objections = new ArrayList<String>();
        for (var named : all) {
            if (Sealed.startsWith(stored, named.prefix())) {
                try {
                    byte[] sealed = named.prefix().length == 0 ? stored : Sealed.after(stored, named.prefix().length);
                    return named.provider().open(sealed, key);
                } catch (GeneralSecurityException anotherKey) {
                    objections.add(named.provider().prefix() + " " + anotherKey.getMessage());
                }
            }
        }
        throw new StoreException(
                "%s cannot be read: no provider of the encryption configuration opens it%s; put back the key that it was written with"
                        .formatted(key, objections.isEmpty() ? "" : " (" + String.join("; ", objections) + ")"));
    }

    /// Whether a value is stored otherwise than it would be stored now.
    boolean isOutdated(byte[] stored) {
        var first = all.getFirst();
        if (first.prefix().length == 0) {
            return Sealed.startsWith(stored, "k8s:enc:".getBytes(StandardCharsets.US_ASCII));
        }
        return !Sealed.startsWith(stored, first.prefix())
                || first.provider().isOutdated(Sealed.after(stored, first.prefix().length));
    }
}
